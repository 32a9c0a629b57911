//! The text of a provider.toml.

use autocontent_manifest::{CommandLine, Manifest};

/// Any text is refused with reasons or understood; what was understood can be written down again and stays the same.
pub fn manifest(data: &[u8]) {
    let Ok(text) = str::from_utf8(data) else { return };
    let manifest = match Manifest::parse(text) {
        Ok(manifest) => manifest,
        Err(errors) => {
            assert!(!errors.to_string().trim().is_empty(), "refused without a reason");
            return;
        }
    };
    let written = manifest.to_toml();
    match Manifest::parse(&written) {
        Ok(again) => assert_eq!(again, manifest, "written as:\n{written}"),
        Err(errors) => assert!(written.len() > Manifest::TEXT_MAX, "written as:\n{written}\nand refused: {errors}"),
    }
    for example in &manifest.examples {
        let line = example.command.to_string();
        let read = CommandLine::parse(&line).ok();
        assert_eq!(read.as_ref(), Some(&example.command), "an example that can't be typed: {line}");
    }
    for invocation in manifest.commands.iter().flat_map(autocontent_manifest::Command::invocations) {
        let name = invocation.full_name();
        assert!(manifest.invocation(&name).is_some(), "{name} is not found by its name");
    }
}
