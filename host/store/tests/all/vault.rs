use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};

use autocontent_store::{Place, Vault, VaultError};
use proptest::prelude::*;
use secrecy::{ExposeSecret as _, SecretString};
use tempfile::TempDir;

fn vault() -> (Vault, PathBuf, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("vault.key");
    (kept(&file), file, folder)
}

/// A vault with its key file.
fn kept(file: &Path) -> Vault {
    let vault = Vault::open_or_create(file).unwrap();
    vault.keep().unwrap();
    vault
}

fn place(row: &str) -> Place<'_> {
    Place { table: "accounts", row, column: "token" }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn what_was_sealed_opens_in_its_place_alone(secret in ".*", row in ".{0,40}", other in ".{0,40}") {
        let (vault, ..) = vault();
        let sealed = vault.seal(place(&row), &SecretString::from(secret.clone())).unwrap();
        let opened = vault.open(place(&row), &sealed).unwrap();
        prop_assert_eq!(opened.expose_secret(), &secret);
        if other != row {
            prop_assert!(vault.open(place(&other), &sealed).is_err());
        }
        for elsewhere in [Place { table: "users", ..place(&row) }, Place { column: "password", ..place(&row) }] {
            prop_assert!(vault.open(elsewhere, &sealed).is_err());
        }
    }

    #[test]
    fn no_changed_byte_goes_unnoticed(at in any::<prop::sample::Index>(), flip in 1_u8..) {
        let (vault, ..) = vault();
        let mut sealed = vault.seal(place("1"), &"secret".into()).unwrap();
        let at = at.index(sealed.len());
        sealed[at] ^= flip;
        prop_assert!(vault.open(place("1"), &sealed).is_err());
        sealed.truncate(at);
        prop_assert!(vault.open(place("1"), &sealed).is_err());
    }
}

#[test]
fn the_same_secret_never_looks_the_same() {
    let (vault, ..) = vault();
    let seal = || vault.seal(place("1"), &"secret".into()).unwrap();
    assert_ne!(seal(), seal());
}

#[test]
fn the_key_file_and_its_folder_are_private_and_stay() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("data").join("vault.key");
    let vault = Vault::open_or_create(&file).unwrap();
    assert!(!file.exists(), "it may turn out that the key was lost");
    vault.keep().unwrap();
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&file), mode(file.parent().unwrap())), (0o600, 0o700));
    let sealed = vault.seal(place("1"), &"secret".into()).unwrap();
    let again = Vault::open_or_create(&file).unwrap();
    assert_eq!(again.open(place("1"), &sealed).unwrap().expose_secret(), "secret");
}

#[test]
fn a_key_file_that_others_can_read_is_refused() {
    let (_, file, _folder) = vault();
    for mode in [0o640, 0o604, 0o660] {
        fs::set_permissions(&file, fs::Permissions::from_mode(mode)).unwrap();
        let error = Vault::open_or_create(&file).unwrap_err();
        assert!(matches!(error, VaultError::Exposed { .. }), "{error}");
        assert!(error.to_string().contains(&format!("run `chmod 600 {}`", file.display())), "{error}");
    }
}

#[test]
fn a_key_file_without_keys_is_refused_and_left_as_it_is() {
    let (_, file, _folder) = vault();
    for (content, message) in
        [("", "holds no key"), ("# nothing\n", "holds no key"), ("# a\nhello\n", "line 2 of the key file")]
    {
        fs::write(&file, content).unwrap();
        let error = Vault::open_or_create(&file).unwrap_err().to_string();
        assert!(error.contains(message) && error.contains(file.to_str().unwrap()), "{error}");
        assert_eq!(fs::read_to_string(&file).unwrap(), content);
    }
}

#[test]
fn a_key_file_in_a_missing_folder_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("no").join("such").join("vault.key");
    let error = Vault::open_or_create(&file).unwrap().keep().unwrap_err().to_string();
    assert!(error.starts_with(&format!("cannot create the key file `{}`: No such file", file.display())), "{error}");
}

#[test]
fn many_who_create_the_key_file_at_once_share_one_key() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("vault.key");
    let vaults: Vec<Vault> = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(|| kept(&file))).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let sealed = vaults[0].seal(place("1"), &"secret".into()).unwrap();
    for vault in &vaults {
        assert_eq!(vault.open(place("1"), &sealed).unwrap().expose_secret(), "secret");
    }
    assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1, "no draft is left behind");
}

#[test]
fn neither_debug_nor_errors_show_a_key() {
    let (vault, file, _folder) = vault();
    let keys = fs::read_to_string(&file).unwrap();
    let key = keys.lines().last().unwrap().split(' ').next_back().unwrap().to_owned();
    fs::write(&file, format!("0123abcd {key}0\n")).unwrap();
    let error = Vault::open_or_create(&file).unwrap_err();
    for shown in [format!("{vault:?}"), format!("{error}"), format!("{error:?}")] {
        assert!(!shown.contains(&key), "{shown}");
    }
}

#[test]
fn what_a_crash_left_of_a_new_key_is_overlooked_and_makes_room() {
    let (vault, file, _folder) = vault();
    let sealed = vault.seal(place("1"), &"secret".into()).unwrap();
    let before = fs::read_to_string(&file).unwrap();
    vault.rotate().unwrap();
    let after = fs::read_to_string(&file).unwrap();
    for end in before.len()..=after.len() {
        fs::write(&file, &after[..end]).unwrap();
        let vault = Vault::open_or_create(&file).unwrap();
        assert_eq!(vault.open(place("1"), &sealed).unwrap().expose_secret(), "secret", "cut at {end}");
        vault.rotate().unwrap();
        let again = vault.seal(place("1"), &"secret".into()).unwrap();
        let reopened = Vault::open_or_create(&file).unwrap();
        for sealed in [&sealed, &again] {
            assert_eq!(reopened.open(place("1"), sealed).unwrap().expose_secret(), "secret", "cut at {end}");
        }
    }
}

#[test]
fn many_who_add_a_key_at_once_lose_none() {
    let (vault, file, _folder) = vault();
    let sealed: Vec<_> = std::thread::scope(|scope| {
        let rotate = || {
            let vault = Vault::open_or_create(&file).unwrap();
            vault.rotate().unwrap();
            vault.seal(place("1"), &"secret".into()).unwrap()
        };
        let threads: Vec<_> = (0..8).map(|_| scope.spawn(rotate)).collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    for sealed in &sealed {
        assert_eq!(vault.open(place("1"), sealed).unwrap().expose_secret(), "secret");
    }
    assert_eq!(fs::read_to_string(&file).unwrap().lines().filter(|line| !line.starts_with('#')).count(), 9);
}
