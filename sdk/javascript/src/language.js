// Words of several languages.

export function choose(audience, otherwise, languages) {
  const language = audience.locale.split(/[-_]/, 1)[0].toLowerCase();
  return Object.hasOwn(languages, language) ? languages[language] : otherwise;
}
