//! What manifest and component must agree on.

use autocontent_manifest::{CommandOption, Manifest};
use autocontent_runtime::Survey;

use super::place::{Step, find};
use super::{Finding, Level};

/// What a provider may import to do something. Tools that put an interpreter into a component import them all.
const USABLE: [&str; 5] = ["http", "storage", "settings", "log", "system"];

/// Where they disagree. `file` is what the manifest is called, and `component_file` the component.
pub(super) fn check(
    manifest: &Manifest,
    text: &str,
    component: &Survey,
    file: &str,
    component_file: &str,
) -> Vec<Finding> {
    let error = |steps: &[Step<'_>], text_of: String| Finding {
        level: Level::Error,
        file: file.to_owned(),
        place: find(text, steps),
        text: text_of,
    };
    let mut findings = Vec::new();

    let completed = completed(manifest);
    if !component.exports.suggestions {
        findings.extend(completed.iter().map(|(steps, name)| {
            error(
                steps,
                format!("the option `{name}` is marked `autocomplete`, and the component exports no suggestions; write `suggest`, or take the mark away"),
            )
        }));
    } else if completed.is_empty() {
        findings.push(Finding {
            level: Level::Error,
            file: component_file.to_owned(),
            place: None,
            text: "it exports suggestions, and provider.toml marks no option `autocomplete`, so nobody asks for them; mark one, or remove `suggest`".to_owned(),
        });
    }

    let imports = |name: &str| component.imports.iter().any(|import| is_interface(import, name));
    let imports_all = USABLE.iter().all(|name| imports(name));
    for use_ in uses(manifest) {
        if use_.asked && !imports(use_.import) {
            findings.push(error(&use_.steps, use_.unused.to_owned()));
        } else if !use_.asked && imports(use_.import) && !imports_all {
            findings.push(Finding {
                level: Level::Advice,
                file: component_file.to_owned(),
                place: None,
                text: use_.unasked.to_owned(),
            });
        }
    }
    findings
}

/// Something that a manifest asks for and a component uses by an import.
struct Use {
    import: &'static str,
    asked: bool,
    steps: Vec<Step<'static>>,
    /// What to say where it is asked for and not used.
    unused: &'static str,
    /// What to say where it is used and not asked for.
    unasked: &'static str,
}

fn uses(manifest: &Manifest) -> [Use; 3] {
    [
        Use {
            import: "http",
            asked: !manifest.capabilities.http.is_empty() || manifest.capabilities.further_hosts,
            steps: vec![Step::Key("capabilities"), Step::Key("http")],
            unused: "capabilities.http: the component never calls `http`, so operators would grant it for nothing; leave it out",
            unasked: "it calls `http`, and provider.toml names no host, so each request will be denied; name them in [capabilities] http = [\"…\"]",
        },
        Use {
            import: "storage",
            asked: manifest.capabilities.storage.is_some(),
            steps: vec![Step::Key("capabilities"), Step::Key("storage")],
            unused: "capabilities.storage: the component never calls `storage`, so operators would grant it for nothing; leave it out",
            unasked: "it calls `storage`, and provider.toml asks for none, so each use will fail; ask for it in [capabilities] storage = \"64 KiB\"",
        },
        Use {
            import: "settings",
            asked: !manifest.settings.is_empty(),
            steps: vec![Step::Key("setting"), Step::Index(0)],
            unused: "setting: the component never calls `settings`, so what operators set would change nothing; leave them out",
            unasked: "it calls `settings`, and provider.toml has no [[setting]], so there will never be a value; add them",
        },
    ]
}

/// The options that are marked `autocomplete`: where the mark stands, and the option's name.
fn completed(manifest: &Manifest) -> Vec<(Vec<Step<'static>>, &str)> {
    let mut found = Vec::new();
    for (index, command) in manifest.commands.iter().enumerate() {
        let own = vec![Step::Key("command"), Step::Index(index)];
        add(&mut found, &own, &command.options);
        for (index, subcommand) in command.subcommands.iter().enumerate() {
            let own = [own.as_slice(), &[Step::Key("subcommand"), Step::Index(index)]].concat();
            add(&mut found, &own, &subcommand.options);
        }
    }
    found
}

fn add<'a>(found: &mut Vec<(Vec<Step<'static>>, &'a str)>, owner: &[Step<'static>], options: &'a [CommandOption]) {
    for (index, option) in options.iter().enumerate().filter(|(_, option)| option.kind.autocomplete()) {
        let steps = [Step::Key("option"), Step::Index(index), Step::Key("autocomplete")];
        found.push(([owner, &steps].concat(), option.name.as_str()));
    }
}

/// Whether an import is this interface of the contract, of any version.
fn is_interface(import: &str, name: &str) -> bool {
    import
        .strip_prefix("autocontent:provider/")
        .and_then(|rest| rest.split_once('@'))
        .is_some_and(|(own, _)| own == name)
}
