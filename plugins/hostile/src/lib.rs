//! JSON that no upstream should answer with, for the tests of providers: strategies of proptest. What a reader looks for must
//! be there often enough, or nothing behind it is ever reached; so those that know the upstream's fields bring them.

use proptest::prelude::*;
use serde_json::Value;

/// How many values stand within each other at most, and in all.
const DEPTH: u32 = 5;
const SIZE: u32 = 48;

/// JSON of any shape, whose objects have these keys, and whose texts are any or one of these.
pub fn anything(keys: &'static [&'static str], texts: &'static [&'static str]) -> impl Strategy<Value = Value> {
    let text = prop_oneof![any::<String>(), prop::sample::select(texts).prop_map(str::to_owned)];
    let key = prop::sample::select(keys).prop_map(str::to_owned);
    shaped(text.prop_map(Value::from).boxed(), key.boxed(), DEPTH, SIZE, 8)
}

/// An object whose fields are mostly as they are given, and sometimes missing or anything else, with such texts in it.
pub fn object(text: &BoxedStrategy<Value>, fields: Vec<(&'static str, BoxedStrategy<Value>)>) -> BoxedStrategy<Value> {
    let any_value = shaped(text.clone(), "[a-z]{1,8}".boxed(), 2, 8, 3).boxed();
    let fields: Vec<_> = fields
        .into_iter()
        .map(|(name, good)| {
            let other = any_value.clone().prop_map(Some);
            let value = prop_oneof![60 => good.prop_map(Some), 1 => other, 4 => Just(None)];
            value.prop_map(move |value| value.map(|value| (name.to_owned(), value)))
        })
        .collect();
    fields.prop_map(|fields| Value::Object(fields.into_iter().flatten().collect())).boxed()
}

/// A short list.
pub fn list(of: BoxedStrategy<Value>) -> BoxedStrategy<Value> {
    prop::collection::vec(of, 0..4).prop_map(Value::from).boxed()
}

/// A whole number that isn't negative, often a small one.
pub fn number() -> BoxedStrategy<Value> {
    prop_oneof![any::<u64>(), 0..100_u64].prop_map(Value::from).boxed()
}

/// Any whole number.
pub fn integer() -> BoxedStrategy<Value> {
    any::<i64>().prop_map(Value::from).boxed()
}

/// True or false.
pub fn boolean() -> BoxedStrategy<Value> {
    any::<bool>().prop_map(Value::from).boxed()
}

fn shaped(
    text: BoxedStrategy<Value>,
    key: BoxedStrategy<String>,
    depth: u32,
    size: u32,
    branches: u32,
) -> impl Strategy<Value = Value> {
    let most = usize::try_from(branches).unwrap_or(usize::MAX);
    let numbers = prop_oneof![any::<f64>().prop_map(Value::from), any::<u64>().prop_map(Value::from), integer()];
    let leaf = prop_oneof![2 => Just(Value::Null), 2 => boolean(), 4 => numbers, 4 => text];
    leaf.prop_recursive(depth, size, branches, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..most).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner), 0..most).prop_map(|fields| fields.into_iter().collect()),
        ]
    })
}
