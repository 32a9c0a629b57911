//! Whose components are taken.

use autocontent_sources::{
    KeyId, PublicKey, SecretKey, SignatureError, SignaturePolicy, Trust, TrustedKey, Untrusted, Verdict, embed,
};
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use jiff::Timestamp;
use jiff::civil::{Date, date};

use crate::signatures::{COMPONENT, minisigns_key, signature};

const POLICIES: [SignaturePolicy; 3] = [SignaturePolicy::Any, SignaturePolicy::Signed, SignaturePolicy::Trusted];

fn now() -> Timestamp {
    "2027-01-31T23:59:59Z".parse().unwrap()
}

fn trusted(key: &PublicKey, until: Option<Date>) -> TrustedKey {
    TrustedKey { name: "ana".to_owned(), key: key.clone(), until }
}

fn trust(policy: SignaturePolicy, keys: Vec<TrustedKey>) -> Trust {
    Trust { policy, keys }
}

/// The same component with a detached and with an embedded signature.
fn signed(key: &SecretKey) -> [(Vec<u8>, Option<Vec<u8>>); 2] {
    let signature = signature(COMPONENT, key);
    [(COMPONENT.to_vec(), Some(signature.text().into())), (embed(COMPONENT, &signature).unwrap(), None)]
}

/// A signature as minisign makes it, which says nothing of the key.
fn without_its_key() -> (Vec<u8>, KeyId) {
    let text = include_bytes!("../vectors/component.minisig").to_vec();
    (text, minisigns_key().public().id())
}

#[test]
fn a_trusted_signer_is_named_under_every_policy() {
    let key = minisigns_key();
    for policy in POLICIES {
        for (component, detached) in signed(&key) {
            let trust = trust(policy, vec![trusted(key.public(), None)]);
            let verdict = trust.judge(&component, detached.as_deref(), now());
            assert_eq!(verdict, Ok(Verdict::Trusted { name: "ana".to_owned(), key: key.public().id() }));
        }
    }
}

#[test]
fn what_is_not_signed_is_taken_only_where_anything_is() {
    let key = minisigns_key();
    for (policy, expected) in
        POLICIES.into_iter().zip([Ok(Verdict::Unsigned), Err(Untrusted::Unsigned), Err(Untrusted::Unsigned)])
    {
        let trust = trust(policy, vec![trusted(key.public(), None)]);
        assert_eq!(trust.judge(COMPONENT, None, now()), expected);
        assert_eq!(trust.judge(b"no component", None, now()), expected);
    }
}

#[test]
fn a_stranger_is_taken_unless_trust_is_wanted() {
    let stranger = SecretKey::generate(None).unwrap();
    let id = stranger.public().id();
    let taken = Ok(Verdict::Stranger(stranger.public().clone()));
    let expected = [taken.clone(), taken, Err(Untrusted::UnknownKey(id))];
    for (policy, expected) in POLICIES.into_iter().zip(expected) {
        for (component, detached) in signed(&stranger) {
            let trust = trust(policy, vec![trusted(minisigns_key().public(), None)]);
            assert_eq!(trust.judge(&component, detached.as_deref(), now()), expected);
        }
    }
}

#[test]
fn a_signature_that_nobody_can_check_is_no_better_than_none() {
    let (text, id) = without_its_key();
    let expected = [Ok(Verdict::Unchecked(id)), Err(Untrusted::UnknownKey(id)), Err(Untrusted::UnknownKey(id))];
    for (policy, expected) in POLICIES.into_iter().zip(expected) {
        assert_eq!(trust(policy, vec![]).judge(b"a component", Some(&text), now()), expected);
    }
}

#[test]
fn a_wrong_signature_is_refused_under_every_policy_whoever_made_it() {
    let known = minisigns_key();
    let stranger = SecretKey::generate(None).unwrap();
    for policy in POLICIES {
        let trust = trust(policy, vec![trusted(known.public(), None)]);
        for key in [&known, &stranger] {
            let refused = match (policy, key.public() == known.public()) {
                (SignaturePolicy::Trusted, false) => Untrusted::UnknownKey(key.public().id()),
                _ => SignatureError::Wrong { key: key.public().id() }.into(),
            };
            let [(mut component, detached), (mut embedded, _)] = signed(key);
            component.extend(b"\0\x01\0");
            assert_eq!(trust.judge(&component, detached.as_deref(), now()), Err(refused.clone()));
            // The last byte of the header, which nothing else checks here.
            embedded[7] ^= 1;
            assert_eq!(trust.judge(&embedded, None, now()), Err(refused));
        }
        let unreadable = trust.judge(COMPONENT, Some(b"<html>not found</html>"), now());
        assert!(matches!(unreadable, Err(Untrusted::Signature(SignatureError::Unreadable { .. }))));
    }
}

#[test]
fn a_stranger_who_names_a_trusted_key_is_found_out() {
    let known = minisigns_key();
    let stranger = SecretKey::generate(None).unwrap();
    // The stranger's signature under the trusted key's name: the first ten bytes of a signature say whose it is.
    let lines = |key| signature(COMPONENT, key).text().lines().map(str::to_owned).collect::<Vec<_>>();
    let (real, mut forged) = (lines(&known), lines(&stranger));
    let [real, other] = [&real[1], &forged[1]].map(|line| BASE64_STANDARD.decode(line).unwrap());
    forged[1] = BASE64_STANDARD.encode([&real[..10], &other[10..]].concat());
    let forged = forged.join("\n");
    for policy in POLICIES {
        let trust = trust(policy, vec![trusted(known.public(), None)]);
        assert!(trust.judge(COMPONENT, Some(forged.as_bytes()), now()).is_err());
    }
}

#[test]
fn a_key_is_trusted_to_the_end_of_its_last_day() {
    let key = minisigns_key();
    let last = date(2027, 1, 31);
    let after: Timestamp = "2027-02-01T00:00:00Z".parse().unwrap();
    for policy in POLICIES {
        for (component, detached) in signed(&key) {
            let trust = trust(policy, vec![trusted(key.public(), Some(last))]);
            assert!(trust.judge(&component, detached.as_deref(), now()).is_ok());
            let late = trust.judge(&component, detached.as_deref(), after);
            let expired = Untrusted::Expired { name: "ana".to_owned(), key: key.public().id(), until: last };
            assert_eq!(late, Err(expired));
        }
    }
}

#[test]
fn refusals_say_what_to_do() {
    let id = minisigns_key().public().id();
    let said = [
        Untrusted::UnknownKey(id).to_string(),
        Untrusted::Expired { name: "ana".to_owned(), key: id, until: date(2027, 1, 31) }.to_string(),
        SignatureError::Wrong { key: id }.to_string(),
    ];
    assert_eq!(
        said,
        [
            "it is signed by key AAB93AA89B475C04, which this host does not know: if you trust its owner, add the public key to the configuration as a [[trusted-key]]",
            "it is signed by key AAB93AA89B475C04 of `ana`, which was trusted until 2027-01-31: get one signed by a newer key, or change `until` of that [[trusted-key]]",
            "it is not what key AAB93AA89B475C04 signed: file or signature were changed or are of different versions; get both again",
        ]
    );
}
