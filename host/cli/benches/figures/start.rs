//! How long a host with many providers takes until it serves.

use anyhow::Result;
use autocontent_manifest::Manifest;
use url::Url;

use crate::host::{self, Host};
use crate::report::{Start, median, millis};

pub(crate) fn measure(quick: bool) -> Result<Start> {
    let (providers, rounds) = if quick { (20, 3) } else { (100, 7) };
    // No bot runs, so Discord isn't needed.
    let host = Host::new(Url::parse("http://127.0.0.1:9/")?)?;
    let quote = std::fs::read(host::provider("quote")?)?;
    let mut files = Vec::new();
    for number in 0..providers {
        let file = host.folder().join(format!("quote{number}.wasm"));
        std::fs::write(&file, variant(&quote, number)?)?;
        files.push(file.display().to_string());
    }
    let mut arguments = vec!["provider", "install"];
    arguments.extend(files.iter().map(String::as_str));
    host.run(&arguments)?;
    let mut times = Vec::new();
    for _ in 0..rounds {
        times.push(millis(host.serve()?.ready_after));
    }
    Ok(Start { providers, ready_ms: median(times) })
}

/// The same code as another provider: its manifest names another id and another command.
fn variant(component: &[u8], number: usize) -> Result<Vec<u8>> {
    let text = autocontent_runtime::inspect(component)?.manifest_text;
    // The manifest is the last section: its size, the length of its name, the name, and the text.
    let mut head = component.strip_suffix(text.as_bytes()).unwrap_or(component).to_vec();
    let text = text
        .replace("id = \"quote\"", &format!("id = \"quote{number}\""))
        .replace("name = \"quote\"", &format!("name = \"quote{number}\""));
    // The code answers `/quote` only, so examples would fail when they are tried.
    let example = |line: &&str| *line == "[[example]]" || line.starts_with("command = \"/");
    let text = text.lines().filter(|line| !example(line)).collect::<Vec<_>>().join("\n");
    let name = Manifest::SECTION.as_bytes();
    let start = head.windows(name.len()).rposition(|window| window == name).unwrap_or_default();
    // Cut back to before the section's id, which stands before its size, 2 or 3 bytes of LEB128, and the name's length.
    head.truncate(start.saturating_sub(1));
    while head.pop().is_some_and(|byte| byte != 0) {}
    head.push(0);
    leb128(&mut head, 1 + name.len() + text.len());
    leb128(&mut head, name.len());
    head.extend(name);
    head.extend(text.as_bytes());
    Ok(head)
}

fn leb128(bytes: &mut Vec<u8>, mut number: usize) {
    loop {
        let low = u8::try_from(number & 0x7f).unwrap_or_default();
        number >>= 7;
        if number == 0 {
            return bytes.push(low);
        }
        bytes.push(low | 0x80);
    }
}
