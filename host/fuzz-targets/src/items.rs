//! What a guest may answer: items of any content, and choices.

use arbitrary::{Result, Unstructured};
use autocontent_content::contract::{
    Action, ActionStyle, Blob, Choice, Field, Item, Link, Media, Rating, Value as Scalar,
};

/// Texts that are easily got wrong: what mentions, breaks out, joins, shows nothing, or counts twice.
const AWKWARD: [&str; 12] =
    ["", " ", "\u{200b}", "@everyone", "<@1>", "](", "```", "\n", "👩‍👩‍👧", "a\u{301}", "\u{202e}", "🇧🇷"];
/// The beginnings of addresses.
const ADDRESSES: [&str; 6] = ["https://example.org/", "http://[", "javascript:", "attachment://", "https://", "//"];

/// A text, short or as long as a guest can make it.
pub(crate) fn text(input: &mut Unstructured<'_>) -> Result<String> {
    Ok(match input.int_in_range(0..=3)? {
        0 => input.arbitrary()?,
        1 => {
            let piece: &str = input.arbitrary()?;
            piece.repeat(usize::from(input.arbitrary::<u16>()?) / piece.len().max(1))
        }
        2 => format!("{}{}", input.choose(&ADDRESSES)?, input.arbitrary::<&str>()?),
        _ => {
            let piece = input.choose(&AWKWARD)?;
            format!("{}{}", piece.repeat(input.int_in_range(0..=2_500)?), input.arbitrary::<&str>()?)
        }
    })
}

/// An item.
pub(crate) fn item(input: &mut Unstructured<'_>) -> Result<Item> {
    Ok(Item {
        id: text(input)?,
        kind: "meme".to_owned(),
        title: option(input, text)?,
        text: option(input, text)?,
        url: option(input, text)?,
        media: option(input, media)?,
        thumbnail: option(input, text)?,
        author: option(input, link)?,
        source: option(input, link)?,
        fields: list(input, 30, |input| {
            Ok(Field { name: text(input)?, value: text(input)?, inline: input.arbitrary()? })
        })?,
        color: input.arbitrary()?,
        published: input.arbitrary()?,
        tags: Vec::new(),
        rating: *input.choose(&[Rating::Everyone, Rating::Sensitive])?,
        actions: list(input, 8, |input| Ok(Action { id: text(input)?, label: text(input)?, style: style(input)? }))?,
        state: None,
    })
}

/// A choice for an option that is being typed.
pub(crate) fn choice(input: &mut Unstructured<'_>) -> Result<Choice> {
    let value = match input.int_in_range(0..=4)? {
        0 => Scalar::Integer(input.arbitrary()?),
        1 => Scalar::Number(input.arbitrary()?),
        2 => Scalar::Boolean(input.arbitrary()?),
        _ => Scalar::Text(text(input)?),
    };
    Ok(Choice { label: text(input)?, value })
}

/// At most so many.
pub(crate) fn list<T>(
    input: &mut Unstructured<'_>,
    most: usize,
    one: impl Fn(&mut Unstructured<'_>) -> Result<T>,
) -> Result<Vec<T>> {
    (0..input.int_in_range(0..=most)?).map(|_| one(input)).collect()
}

fn option<T>(input: &mut Unstructured<'_>, some: impl FnOnce(&mut Unstructured<'_>) -> Result<T>) -> Result<Option<T>> {
    if input.arbitrary()? { some(input).map(Some) } else { Ok(None) }
}

fn link(input: &mut Unstructured<'_>) -> Result<Link> {
    Ok(Link { label: text(input)?, url: option(input, text)? })
}

fn media(input: &mut Unstructured<'_>) -> Result<Media> {
    if input.arbitrary()? {
        return text(input).map(Media::Url);
    }
    let mime = if input.arbitrary()? { "image/png".to_owned() } else { text(input)? };
    Ok(Media::Blob(Blob { file_name: text(input)?, mime, data: vec![1; input.int_in_range(0..=2_000)?] }))
}

fn style(input: &mut Unstructured<'_>) -> Result<ActionStyle> {
    let styles = [ActionStyle::Primary, ActionStyle::Secondary, ActionStyle::Success, ActionStyle::Danger];
    input.choose(&styles).copied()
}
