//! Signatures, ours and the real minisign's.

use std::path::{Path, PathBuf};
use std::process::Command;

use autocontent_sources::{
    PublicKey, SIGNATURE_SECTION, SecretKey, SecretKeyError, Signature, SignatureError, embed, sign, signed_part,
};
use jiff::Timestamp;
use proptest::prelude::*;
use secrecy::{ExposeSecret as _, SecretString};

/// What the files in `vectors` sign.
const SIGNED: &[u8] = b"a component";
/// The smallest component: a header without sections.
pub(crate) const COMPONENT: &[u8] = b"\0asm\x0d\0\x01\0";

fn vector(name: &str) -> Vec<u8> {
    std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/vectors").join(name)).unwrap()
}

fn minisigns_public_key() -> PublicKey {
    String::from_utf8(vector("minisign.pub")).unwrap().parse().unwrap()
}

fn no_password() -> Result<SecretString, SecretKeyError> {
    Err(SecretKeyError::PasswordNeeded)
}

/// The key that the real minisign made.
pub(crate) fn minisigns_key() -> SecretKey {
    let file = String::from_utf8(vector("minisign.key")).unwrap();
    SecretKey::parse(SecretString::from(file), no_password).unwrap()
}

/// A signature of these bytes by this key.
pub(crate) fn signature(bytes: &[u8], key: &SecretKey) -> Signature {
    sign(bytes, key, "quote.wasm", Timestamp::from_second(1_795_307_439).unwrap()).unwrap()
}

/// A custom section.
pub(crate) fn section(name: &str, content: &[u8]) -> Vec<u8> {
    // Sizes below 16,384 as two bytes, which wasm allows for any.
    let size = |size: usize| [u8::try_from(size & 0x7f).unwrap() | 0x80, u8::try_from(size >> 7).unwrap()];
    let named = [&size(name.len())[..], name.as_bytes(), content].concat();
    [&[0][..], &size(named.len()), &named].concat()
}

/// Runs the real minisign, which must be installed.
fn minisign(arguments: &[&str], folder: &Path) -> bool {
    let run = Command::new("minisign").args(arguments).current_dir(folder).output();
    run.unwrap_or_else(|_| panic!("`minisign` isn't installed: run `cargo xtask test`")).status.success()
}

#[test]
fn what_minisign_signed_is_right() {
    let signature = Signature::parse(&vector("component.minisig")).unwrap();
    let key = minisigns_public_key();
    assert_eq!(signature.key_id().to_string(), "AAB93AA89B475C04");
    assert_eq!(signature.key_id(), key.id());
    assert_eq!(key.verify(SIGNED, &signature), Ok(()));
    assert_eq!(signature.carried_key(), None);
}

#[test]
fn minisign_takes_what_is_signed_here_with_a_key_made_here() {
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| -> PathBuf { folder.path().join(name) };
    let key = SecretKey::generate(None).unwrap();
    std::fs::write(path("component"), SIGNED).unwrap();
    std::fs::write(path("component.minisig"), signature(SIGNED, &key).text()).unwrap();
    std::fs::write(path("our.pub"), key.public_file()).unwrap();
    assert!(minisign(&["-Vm", "component", "-p", "our.pub"], folder.path()));
    assert!(minisign(&["-Vm", "component", "-P", &key.public().to_string()], folder.path()));
    // Prehashed only, which is what is asked for with -H.
    assert!(minisign(&["-VHm", "component", "-p", "our.pub"], folder.path()));
    std::fs::write(path("component"), b"another component").unwrap();
    assert!(!minisign(&["-Vm", "component", "-p", "our.pub"], folder.path()));
}

#[test]
fn minisign_signs_with_a_key_made_here() {
    let folder = tempfile::tempdir().unwrap();
    let key = SecretKey::generate(None).unwrap();
    std::fs::write(folder.path().join("our.key"), key.file().expose_secret()).unwrap();
    std::fs::write(folder.path().join("component"), SIGNED).unwrap();
    assert!(minisign(&["-Sm", "component", "-s", "our.key"], folder.path()));
    let made = Signature::parse(&std::fs::read(folder.path().join("component.minisig")).unwrap()).unwrap();
    assert_eq!(key.public().verify(SIGNED, &made), Ok(()));
}

#[test]
fn a_key_that_minisign_made_signs_here_and_carries_itself() {
    let made = signature(SIGNED, &minisigns_key());
    assert_eq!(minisigns_public_key().verify(SIGNED, &made), Ok(()));
    assert_eq!(made.carried_key(), Some(minisigns_public_key()));
}

#[test]
fn a_key_with_a_password_opens_with_that_only() {
    let password = SecretString::from("correct horse");
    let key = SecretKey::generate(Some(&password)).unwrap();
    let open = |password: &str| {
        SecretKey::parse::<SecretKeyError>(key.file().clone(), || Ok(SecretString::from(password.to_owned())))
    };
    assert_eq!(key.public().verify(SIGNED, &signature(SIGNED, &open("correct horse").unwrap())), Ok(()));
    assert!(matches!(open("wrong horse"), Err(SecretKeyError::WrongPassword)));
    assert!(matches!(SecretKey::parse(key.file().clone(), no_password), Err(SecretKeyError::PasswordNeeded)));
    let written = key.file().expose_secret().lines().last().unwrap();
    assert!(!format!("{key:?}").contains(written));
}

#[test]
fn what_is_no_secret_key_is_said_to_be_none() {
    let good = String::from_utf8(vector("minisign.key")).unwrap();
    let public = String::from_utf8(vector("minisign.pub")).unwrap();
    let shorter = format!("{}\n{}\n", good.lines().next().unwrap(), &good.lines().last().unwrap()[4..]);
    for file in ["", "\n\n", public.as_str(), good.lines().last().unwrap(), shorter.as_str()] {
        let parsed = SecretKey::parse(SecretString::from(file.to_owned()), no_password);
        assert!(matches!(parsed, Err(SecretKeyError::Unreadable)), "{file}");
    }
}

#[test]
fn public_keys_are_read_as_a_line_or_a_file() {
    let file = String::from_utf8(vector("minisign.pub")).unwrap();
    let line = file.lines().last().unwrap();
    let key: PublicKey = line.parse().unwrap();
    assert_eq!((key.to_string().as_str(), &key), (line, &minisigns_public_key()));
    let other_algorithm = line.replacen("RW", "RX", 1);
    for bad in ["", "RWQ", &line[..55], &format!("{line}AAAA"), &format!("key\n{line}"), &other_algorithm] {
        assert!(bad.parse::<PublicKey>().is_err(), "{bad}");
    }
}

#[test]
fn a_changed_byte_is_noticed_wherever_it_is() {
    let key = minisigns_public_key();
    let text = vector("component.minisig");
    assert!(key.verify(b"a Component", &Signature::parse(&text).unwrap()).is_err());
    let comment = text.iter().position(|&byte| byte == b'\n').unwrap();
    for at in comment + 1..text.len() {
        let mut changed = text.clone();
        changed[at] ^= 1;
        let taken = Signature::parse(&changed).is_ok_and(|signature| key.verify(SIGNED, &signature).is_ok());
        assert!(!taken, "byte {at}");
    }
}

#[test]
fn signatures_of_minisigns_old_kind_are_refused() {
    assert_eq!(Signature::parse(&vector("legacy.minisig")).err(), Some(SignatureError::Legacy));
}

#[test]
fn what_is_no_signature_says_so_and_never_panics() {
    let good = String::from_utf8(vector("component.minisig")).unwrap();
    let lines: Vec<_> = good.lines().collect();
    let shorter = lines[3][..40].to_owned();
    let cases = [
        String::new(),
        "not found".to_owned(),
        lines[..3].join("\n"),
        [lines[0], lines[1], lines[2], lines[3], "more"].join("\n"),
        [lines[0], lines[1], lines[2], &shorter].join("\n"),
        [lines[0], &lines[1][..40], lines[2], lines[3]].join("\n"),
        [lines[0], lines[1], "comment", lines[3]].join("\n"),
        [lines[0], "", "", ""].join("\n"),
        format!("{good}{}", "\n".repeat(10)),
    ];
    for text in cases {
        let error = Signature::parse(text.as_bytes()).unwrap_err();
        assert!(matches!(error, SignatureError::Unreadable { .. }), "{text}: {error}");
    }
    assert!(Signature::parse(&[0xff, 0xfe]).is_err());
}

#[test]
fn a_signature_of_four_kibibytes_is_read_and_no_longer_one() {
    let good = String::from_utf8(vector("component.minisig")).unwrap();
    let (_, rest) = good.split_once('\n').unwrap();
    let of_size = |size: usize| {
        let comment = "untrusted comment: ";
        format!("{comment}{}\n{rest}", "x".repeat(size - comment.len() - 1 - rest.len()))
    };
    assert!(Signature::parse(of_size(4_096).as_bytes()).is_ok());
    assert!(Signature::parse(of_size(4_097).as_bytes()).is_err());
}

#[test]
fn an_embedded_signature_signs_all_that_stands_before_it() {
    let component = [COMPONENT, &section("autocontent:manifest", b"[provider]")].concat();
    let key = minisigns_key();
    let signed = embed(&component, &signature(&component, &key)).unwrap();
    assert!(signed.starts_with(&component));
    let (part, found) = signed_part(&signed).unwrap();
    assert_eq!(part, component);
    assert_eq!(key.public().verify(part, &found.unwrap()), Ok(()));
}

#[test]
fn embedding_again_replaces_the_signature() {
    let key = minisigns_key();
    let other = SecretKey::generate(None).unwrap();
    let first = embed(COMPONENT, &signature(COMPONENT, &key)).unwrap();
    let second = embed(&first, &signature(signed_part(&first).unwrap().0, &other)).unwrap();
    let (part, found) = signed_part(&second).unwrap();
    assert_eq!((part, found.unwrap().key_id()), (COMPONENT, other.public().id()));
}

#[test]
fn nothing_may_stand_behind_an_embedded_signature() {
    let key = minisigns_key();
    let signed = embed(COMPONENT, &signature(COMPONENT, &key)).unwrap();
    let text = signature(COMPONENT, &key);
    let twice = [&signed[..], &section(SIGNATURE_SECTION, text.text().as_bytes())].concat();
    for more in [section("name", b""), vec![0], vec![0xff; 20], section("autocontent:manifest", b"[provider]")] {
        let error = signed_part(&[&signed[..], &more].concat()).unwrap_err();
        assert!(matches!(error, SignatureError::Section { .. }), "{error}");
    }
    assert!(matches!(signed_part(&twice), Err(SignatureError::Section { .. })));
    assert!(embed(&twice, &text).is_err());
}

#[test]
fn a_section_that_holds_no_signature_is_refused() {
    for content in [&b""[..], b"trust me", &[0xff; 300]] {
        let component = [COMPONENT, &section(SIGNATURE_SECTION, content)].concat();
        assert!(matches!(signed_part(&component), Err(SignatureError::Unreadable { .. })));
    }
}

#[test]
fn a_signature_in_an_inner_component_is_not_the_outer_ones() {
    let inner = embed(COMPONENT, &signature(COMPONENT, &minisigns_key())).unwrap();
    let mut nested = COMPONENT.to_vec();
    nested.push(4);
    nested.extend([u8::try_from(inner.len() & 0x7f).unwrap() | 0x80, u8::try_from(inner.len() >> 7).unwrap()]);
    nested.extend(&inner);
    let (part, found) = signed_part(&nested).unwrap();
    assert!(part.len() == nested.len() && found.is_none());
}

proptest! {
    /// Whatever the bytes: either all of them are to be signed, or what stands before a signature.
    #[test]
    fn any_bytes_are_taken_apart_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        for bytes in [bytes.clone(), [COMPONENT, &bytes].concat()] {
            if let Ok((part, None)) = signed_part(&bytes) {
                prop_assert_eq!(part, &bytes[..]);
            }
        }
    }

    #[test]
    fn any_text_is_a_signature_or_refused(text in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = Signature::parse(&text);
    }

    #[test]
    fn a_component_cut_anywhere_has_no_right_signature(cut in 0_usize..300) {
        let key = minisigns_key();
        let signed = embed(COMPONENT, &signature(COMPONENT, &key)).unwrap();
        let cut = &signed[..cut.min(signed.len() - 1)];
        let found = signed_part(cut).ok().and_then(|(_, found)| found);
        prop_assert!(found.is_none());
    }
}
