//! The bindings of the SDK for C are what wit-bindgen makes of the contract, and nobody's own.
//!
//! After a change of the contract: `UPDATE_BINDINGS=1 cargo test -p xtask c_bindings`.

use std::fs;
use std::path::Path;

use wit_bindgen_core::Files;
use wit_parser::Resolve;

/// Each world with the files that are kept of it: the header of the largest has what the others need.
const WORLDS: [(&str, &[(&str, &str)]); 4] = [
    ("provider", &[("ac.c", "provider.c")]),
    ("suggesting-provider", &[("ac.c", "suggesting-provider.c")]),
    ("acting-provider", &[("ac.c", "acting-provider.c")]),
    ("interactive-provider", &[("ac.c", "interactive-provider.c"), ("ac.h", "ac.h")]),
];

#[test]
fn the_bindings_fit_the_contract() {
    let sdk = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../sdk");
    for (world, kept) in WORLDS {
        let mut made = Files::default();
        let mut resolve = Resolve::default();
        let (package, _) = resolve.push_path(sdk.join("wit")).unwrap();
        let world = resolve.select_world(&[package], Some(world)).unwrap();
        let options = wit_bindgen_c::Opts {
            rename_world: Some("ac".to_owned()),
            // The workshop describes the contract when it makes the component.
            no_object_file: true,
            ..wit_bindgen_c::Opts::default()
        };
        options.build().generate(&mut resolve, world, &mut made).unwrap();
        for (name, file) in kept {
            let content = made.iter().find(|(made, _)| made == name).unwrap().1;
            let path = sdk.join("c/bindings").join(file);
            if std::env::var_os("UPDATE_BINDINGS").is_some() {
                fs::write(&path, content).unwrap();
            }
            let same = fs::read(&path).is_ok_and(|kept| kept == content);
            assert!(same, "{} is not what wit-bindgen makes of provider.wit: see the top of this file", path.display());
        }
    }
}
