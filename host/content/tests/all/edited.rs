//! Components with another manifest: other versions of the guests, that ask for something else.

/// The component with its manifest changed by replacing one text by another; panics where it isn't there.
pub(crate) fn edited(component: &[u8], changes: &[(&str, &str)]) -> Vec<u8> {
    const NAME: &[u8] = b"autocontent:manifest";
    let mut edited = component[..8].to_vec();
    let mut rest = &component[8..];
    let mut found = false;
    while let [id, after @ ..] = rest {
        let (size, length) = number(after);
        let (content, following) = after[length..].split_at(size);
        rest = following;
        let manifest = content.get(1 + NAME.len()..).filter(|_| *id == 0 && content[1..].starts_with(NAME));
        let Some(manifest) = manifest else {
            edited.push(*id);
            edited.extend_from_slice(&after[..length]);
            edited.extend_from_slice(content);
            continue;
        };
        found = true;
        let mut text = std::str::from_utf8(manifest).unwrap().to_owned();
        for (old, new) in changes {
            assert!(text.contains(old), "the manifest has no `{old}`");
            text = text.replacen(old, new, 1);
        }
        edited.push(0);
        write_number(&mut edited, 1 + NAME.len() + text.len());
        edited.push(u8::try_from(NAME.len()).unwrap());
        edited.extend_from_slice(NAME);
        edited.extend_from_slice(text.as_bytes());
    }
    assert!(found, "the component has no manifest");
    edited
}

/// A number in LEB128, and how many bytes it takes.
fn number(bytes: &[u8]) -> (usize, usize) {
    let (mut value, mut length) = (0, 0);
    loop {
        value |= usize::from(bytes[length] & 0x7f) << (7 * length);
        length += 1;
        if bytes[length - 1] & 0x80 == 0 {
            return (value, length);
        }
    }
}

fn write_number(bytes: &mut Vec<u8>, mut value: usize) {
    while value >= 0x80 {
        bytes.push(u8::try_from(value & 0x7f).unwrap() | 0x80);
        value >>= 7;
    }
    bytes.push(u8::try_from(value).unwrap());
}
