//! The operator's secrets: added last, to their own host alone, and blotted out of all that the guest is given.
//!
//! A server may send back what it was sent. The guest never gets an answer before it is complete, so the exact value can be
//! found in it wherever it stands, also percent-encoded, in base64, in hexadecimal, and escaped for JSON or HTML, in capitals
//! or small letters, as hosts and escapes are written in either. A server that means to give a secret away can always write it in a way of its own; it is the secret's own host, and has it anyway.

use std::collections::BTreeSet;

use aho_corasick::{AhoCorasick, MatchKind};
use autocontent_manifest::SecretPlace;
use autocontent_runtime::contract::http::Error;
use base64::Engine as _;
use base64::alphabet::{Alphabet, STANDARD, URL_SAFE};
use base64::engine::{GeneralPurpose, general_purpose};
use http::header::{HeaderMap, HeaderName, HeaderValue, RANGE};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};
use secrecy::ExposeSecret as _;
use sha2::{Digest as _, Sha256};
use url::{Url, form_urlencoded};

use crate::gate::HostSecret;
use crate::target::Target;

/// What stands where a secret stood.
const BLOT: &str = "[secret]";
/// The bytes that a secret, or a part of one, has at least. A shorter one would be found everywhere, and a guest could guess
/// it: it has only to see which of many texts is blotted out.
pub(crate) const SHORTEST: usize = 8;

/// All secrets of one provider and account.
pub(crate) struct Secrets {
    entries: Vec<HostSecret>,
    /// Finds the secrets in all their forms; none where there are no secrets.
    finder: Option<AhoCorasick>,
    /// Differs where any name, place or value differs.
    pub(crate) identity: [u8; 32],
}

impl Secrets {
    pub(crate) fn new(entries: Vec<HostSecret>) -> Secrets {
        let mut forms = BTreeSet::new();
        let mut identity = Sha256::new();
        for entry in &entries {
            let value = entry.value.expose_secret();
            for form in parts(value).iter().flat_map(|part| spellings(part)) {
                if form.len() >= SHORTEST {
                    forms.insert(form);
                }
            }
            let place = match &entry.place {
                SecretPlace::Header(name) => format!("header {name}"),
                SecretPlace::Query(name) => format!("query {name}"),
            };
            for text in [entry.name.as_ref(), entry.host.as_str(), &place, value] {
                identity.update(text.len().to_le_bytes());
                identity.update(text);
            }
        }
        let mut finder = AhoCorasick::builder();
        let finder = finder.match_kind(MatchKind::LeftmostLongest).ascii_case_insensitive(true).build(&forms).ok();
        Secrets { finder: finder.filter(|_| !forms.is_empty()), entries, identity: identity.finalize().into() }
    }

    /// The URL to send and the headers to send with it: what the guest asked for, with the secrets of this host in the
    /// place of whatever the guest wrote there.
    pub(crate) fn attach(&self, target: &Target, headers: &mut HeaderMap) -> Result<Url, Error> {
        let mut url = target.url.clone();
        for entry in self.entries.iter().filter(|entry| entry.host.matches(&target.host)) {
            let (name, value) = (&entry.name, entry.value.expose_secret());
            if !target.secure && !target.development {
                return Err(Error::Denied(format!("the secret {name} is sent over https only")));
            }
            if value.len() < SHORTEST || self.finder.is_none() {
                let advice =
                    format!("the secret {name} is not sent, as less than {SHORTEST} bytes can't be kept secret");
                return Err(Error::Denied(advice));
            }
            if headers.contains_key(RANGE) {
                // In parts, a secret that comes back would not be recognised.
                return Err(Error::InvalidRequest(format!("no range is asked for where the secret {name} is sent")));
            }
            match &entry.place {
                SecretPlace::Header(header) => {
                    let mut value = HeaderValue::from_str(value).map_err(|_| {
                        Error::Denied(format!("the secret {name} has characters that no header can hold"))
                    })?;
                    value.set_sensitive(true);
                    let header = HeaderName::from_bytes(header.as_ref().as_bytes()).map_err(|_| {
                        Error::Denied(format!("the secret {name} stands in no header that can be sent"))
                    })?;
                    headers.insert(header, value);
                }
                SecretPlace::Query(parameter) => set_parameter(&mut url, parameter.as_ref(), value),
            }
        }
        Ok(url)
    }

    /// The text without any secret.
    pub(crate) fn blot(&self, text: String) -> String {
        match &self.finder {
            Some(finder) if finder.is_match(&text) => {
                let mut clean = String::with_capacity(text.len());
                finder.replace_all_with(&text, &mut clean, |_, _, clean| {
                    clean.push_str(BLOT);
                    true
                });
                clean
            }
            _ => text,
        }
    }

    /// The bytes without any secret.
    pub(crate) fn blot_bytes(&self, bytes: Vec<u8>) -> Vec<u8> {
        match &self.finder {
            Some(finder) if finder.is_match(&bytes) => {
                let mut clean = Vec::with_capacity(bytes.len());
                finder.replace_all_with_bytes(&bytes, &mut clean, |_, _, clean| {
                    clean.extend_from_slice(BLOT.as_bytes());
                    true
                });
                clean
            }
            _ => bytes,
        }
    }
}

/// Sets a parameter of the query and leaves the others as they were written.
fn set_parameter(url: &mut Url, name: &str, value: &str) {
    let is_other = |pair: &&str| form_urlencoded::parse(pair.as_bytes()).all(|(key, _)| key != name);
    let kept = url.query().unwrap_or_default().split('&').filter(|pair| !pair.is_empty()).filter(is_other);
    let own: String = form_urlencoded::Serializer::new(String::new()).append_pair(name, value).finish();
    let query: Vec<&str> = kept.chain([own.as_str()]).collect();
    let query = query.join("&");
    url.set_query(Some(&query));
}

/// The value, and those parts of it that are a secret of their own: the token of `Bearer TOKEN`, the password of
/// `Basic BASE64`.
fn parts(value: &str) -> Vec<Vec<u8>> {
    let mut parts = vec![value.as_bytes().to_vec()];
    for word in value.split_ascii_whitespace().filter(|word| word.len() >= SHORTEST) {
        parts.push(word.as_bytes().to_vec());
        if value.get(..6).is_some_and(|scheme| scheme.eq_ignore_ascii_case("basic "))
            && let Ok(login) = general_purpose::STANDARD.decode(word)
        {
            let password = login.splitn(2, |byte| *byte == b':').nth(1).unwrap_or_default().to_vec();
            parts.extend([login, password].into_iter().filter(|part| part.len() >= SHORTEST));
        }
    }
    parts
}

/// What encodeURIComponent leaves as it is.
const COMPONENT: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'_')
    .remove(b'.')
    .remove(b'!')
    .remove(b'~')
    .remove(b'*')
    .remove(b'\'')
    .remove(b'(')
    .remove(b')');

/// What a path leaves as it is.
const PATH: &AsciiSet = &COMPONENT.remove(b'/').remove(b':').remove(b'@').remove(b'=').remove(b'+').remove(b',');

/// The ways in which programs commonly write a text down, each in capitals or small letters as it may be.
fn spellings(value: &[u8]) -> Vec<Vec<u8>> {
    let hex: String = value.iter().map(|byte| format!("{byte:02x}")).collect();
    let mut texts = vec![hex, form_urlencoded::byte_serialize(value).collect()];
    if let Ok(text) = str::from_utf8(value) {
        for set in [NON_ALPHANUMERIC, COMPONENT, PATH] {
            texts.push(utf8_percent_encode(text, set).to_string());
        }
        if let Ok(json) = serde_json::to_string(text) {
            let json = json.strip_prefix('"').and_then(|json| json.strip_suffix('"')).unwrap_or_default();
            // As PHP, Python and Go write it.
            texts.extend([json.replace('/', "\\/"), in_ascii(json, |c| !c.is_ascii())]);
            texts.extend([in_ascii(json, |c| "<>&".contains(c)), json.to_owned()]);
        }
        let html = text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;");
        texts.extend([html.replace('\'', "&#39;"), html.replace('\'', "&#x27;"), html]);
    }
    let mut all: Vec<Vec<u8>> = texts.into_iter().map(String::into_bytes).collect();
    for alphabet in [&STANDARD, &URL_SAFE] {
        all.extend((0..3).map(|offset| in_base64(value, offset, alphabet)).filter(|form| form.len() >= SHORTEST));
    }
    all.push(value.to_vec());
    all
}

/// JSON in which some characters are escaped by their number.
fn in_ascii(json: &str, escaped: impl Fn(char) -> bool) -> String {
    let mut units = [0; 2];
    let mut escape = |c: char| c.encode_utf16(&mut units).iter().map(|unit| format!("\\u{unit:04x}")).collect();
    json.chars().map(|c| if escaped(c) { escape(c) } else { String::from(c) }).collect()
}

/// The characters that a value has for certain in the base64 of a longer text, where it begins `offset` bytes past a group of
/// three.
fn in_base64(value: &[u8], offset: usize, alphabet: &Alphabet) -> Vec<u8> {
    let mut text = vec![0; offset];
    text.extend_from_slice(value);
    let mut encoded = GeneralPurpose::new(alphabet, general_purpose::NO_PAD).encode(&text).into_bytes();
    if !text.len().is_multiple_of(3) {
        // Its last bits belong to what follows.
        encoded.pop();
    }
    let shared = if offset == 0 { 0 } else { offset + 1 };
    encoded.drain(..shared.min(encoded.len()));
    encoded
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_spelling_of_a_secret_is_left_wherever_it_stands(
            value in "[ -~é]{8,40}",
            before in "[ -~]{0,5}",
            after in "[ -~]{0,5}",
        ) {
            prop_assume!(!value.to_ascii_lowercase().contains(BLOT));
            let secret = HostSecret {
                name: "key".parse().unwrap(),
                host: "a.example".parse().unwrap(),
                place: SecretPlace::Header("x-key".parse().unwrap()),
                value: value.as_str().into(),
            };
            let secrets = Secrets::new(vec![secret]);
            for form in spellings(value.as_bytes()) {
                for form in [form.to_ascii_lowercase(), form.to_ascii_uppercase(), form] {
                    let body = [before.as_bytes(), &form, after.as_bytes()].concat();
                    let blotted = secrets.blot_bytes(body);
                    let left = blotted.windows(form.len()).any(|window| window == form);
                    prop_assert!(!left, "{}", String::from_utf8_lossy(&blotted));
                }
            }
        }
    }

    #[test]
    fn base64_of_any_text_around_a_value_holds_its_certain_characters() {
        let value = b"canary-secret-value";
        for before in 0..7 {
            for after in 0..4 {
                let text = [&vec![b'x'; before][..], value, &vec![b'y'; after][..]].concat();
                let encoded = general_purpose::STANDARD.encode(&text);
                let form = String::from_utf8(in_base64(value, before % 3, &STANDARD)).unwrap();
                assert!(form.len() >= 22, "{form}");
                assert!(encoded.contains(&form), "{before} {after}: {encoded} {form}");
            }
        }
    }

    #[test]
    fn a_parameter_is_replaced_however_it_was_written_and_the_others_stay() {
        let mut url = Url::parse("https://a.example/?q=a+b&%61piKey=mine&flag&apiKey&x=%20").unwrap();
        set_parameter(&mut url, "apiKey", "s&cret");
        assert_eq!(url.query(), Some("q=a+b&flag&x=%20&apiKey=s%26cret"));
    }
}
