import { failure, markdown } from "autocontent";

/**
 * What the catalogue tells of a book, as far as it is of use here.
 * @typedef {object} Book
 * @property {string} key such as `/works/OL893415W`
 * @property {string} title
 * @property {string[]} [author_name]
 * @property {number} [first_publish_year]
 * @property {number} [cover_i]
 */

/**
 * The books in an answer of the catalogue. Some servers tell of a failure of theirs with status 200: what such an answer
 * lacks is no mistake of this provider's.
 * @param {any} answer
 * @returns {Book[]}
 */
export function booksIn(answer) {
  if (!Array.isArray(answer?.docs)) throw failure.upstream("openlibrary.org answered without docs");
  return answer.docs;
}

/**
 * The item for a book.
 * @param {Book} book
 * @param {string} firstPublished what the year is called
 * @returns {import("autocontent").Item}
 */
export function item({ key, title, author_name: authors = [], first_publish_year: year, cover_i: cover }, firstPublished) {
  return {
    id: key,
    kind: "book",
    title,
    text: authors.length > 0 ? markdown.escape(authors.join(", ")) : undefined,
    url: `https://openlibrary.org${key}`,
    media: cover ? `https://covers.openlibrary.org/b/id/${cover}-L.jpg` : undefined,
    source: { label: "Open Library", url: "https://openlibrary.org" },
    fields: year ? [{ name: firstPublished, value: year, inline: true }] : [],
  };
}
