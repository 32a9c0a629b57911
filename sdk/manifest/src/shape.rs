//! The shape of provider.toml: what is written, and what the JSON Schema tells an editor. The comments here are what an editor shows.

use std::collections::BTreeMap;

use serde::Serialize;

pub(crate) type Texts = BTreeMap<&'static str, String>;

/// What a provider is, offers, may do and needs.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(title = "provider.toml", deny_unknown_fields))]
pub(crate) struct File {
    /// What the provider is.
    pub(crate) provider: Provider,
    /// When the provider may be asked without a member asking.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) triggers: Option<Triggers>,
    /// What the provider asks to be granted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) capabilities: Option<Capabilities>,
    /// What one call may use.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) limits: Option<Limits>,
    /// What members are told before they use the provider.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) data: Option<Data>,
    /// Slash commands.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 100)))]
    pub(crate) command: Vec<Command>,
    /// Filled in by the operator, added to requests by the host, never seen by the provider.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 16)))]
    pub(crate) secret: Vec<Secret>,
    /// What the operator may change.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 32)))]
    pub(crate) setting: Vec<Setting>,
    /// Commands as a member would type them, for help, the dashboard and tests.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 32)))]
    pub(crate) example: Vec<Example>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub(crate) struct Provider {
    /// Unique on a host.
    #[cfg_attr(feature = "schema", schemars(regex(pattern = "^[a-z][a-z0-9-]{1,31}$")))]
    pub(crate) id: String,
    /// For people.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 64)))]
    pub(crate) name: String,
    /// The provider's own version: major.minor.patch.
    pub(crate) version: String,
    /// One line.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 200)))]
    pub(crate) description: String,
    /// An SPDX expression, such as "MIT".
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 100)))]
    pub(crate) license: String,
    /// The version of the contract that the provider was written for: "1.0".
    #[cfg_attr(feature = "schema", schemars(regex(pattern = r"^[0-9]+\.[0-9]+$")))]
    pub(crate) contract: String,
    /// What it finds, such as "quote" or "news".
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 16)))]
    pub(crate) kinds: Vec<String>,
    /// A page about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(regex(pattern = "^https?://")))]
    pub(crate) homepage: Option<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub(crate) struct Command {
    /// What members type: 1 to 32 lower-case letters, digits, -, _ and '.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 32)))]
    pub(crate) name: String,
    /// Shown beside the name.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 100)))]
    pub(crate) description: String,
    /// Where it may be used; everywhere if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 3), extend("items" = words(crate::Context::ALL))))]
    pub(crate) contexts: Option<Vec<&'static str>>,
    /// Whether it is only for age-restricted channels.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) sensitive: bool,
    /// How long a member waits between two uses, such as "5s"; "3s" if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) cooldown: Option<String>,
    /// The name in other languages.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "schema", schemars(extend("propertyNames" = locales())))]
    pub(crate) names: Texts,
    /// The description in other languages.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "schema", schemars(extend("propertyNames" = locales())))]
    pub(crate) descriptions: Texts,
    /// What it takes, the required ones first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 25)))]
    pub(crate) option: Vec<CommandOption>,
    /// What it does, instead of options.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 25)))]
    pub(crate) subcommand: Vec<Subcommand>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub(crate) struct Subcommand {
    /// What members type after the command's name.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 32)))]
    pub(crate) name: String,
    /// Shown beside the name.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 100)))]
    pub(crate) description: String,
    /// The name in other languages.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "schema", schemars(extend("propertyNames" = locales())))]
    pub(crate) names: Texts,
    /// The description in other languages.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "schema", schemars(extend("propertyNames" = locales())))]
    pub(crate) descriptions: Texts,
    /// What it takes, the required ones first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 25)))]
    pub(crate) option: Vec<CommandOption>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub(crate) struct CommandOption {
    /// What members see: 1 to 32 lower-case letters, digits, -, _ and '.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 32)))]
    pub(crate) name: String,
    /// Shown while it is filled in.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 100)))]
    pub(crate) description: String,
    /// What it takes.
    #[cfg_attr(feature = "schema", schemars(extend("enum" = crate::OptionKind::WORDS)))]
    pub(crate) kind: &'static str,
    /// Whether the command can't be used without it.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) required: bool,
    /// For kind text: the least number of characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 0, max = 6000)))]
    pub(crate) min_length: Option<u16>,
    /// For kind text: the most characters.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[cfg_attr(feature = "schema", schemars(range(min = 1, max = 6000)))]
    pub(crate) max_length: Option<u16>,
    /// For kinds integer and number: the smallest that is taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) min: Option<Number>,
    /// For kinds integer and number: the largest that is taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) max: Option<Number>,
    /// Whether the provider completes what is typed; not together with choices.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) autocomplete: bool,
    /// The name in other languages.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "schema", schemars(extend("propertyNames" = locales())))]
    pub(crate) names: Texts,
    /// The description in other languages.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "schema", schemars(extend("propertyNames" = locales())))]
    pub(crate) descriptions: Texts,
    /// For kinds text, integer and number: the only values that are taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 25)))]
    pub(crate) choices: Vec<Choice>,
}

#[derive(Serialize)]
#[serde(untagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(crate) enum Choice {
    /// A value that is its own label.
    Bare(Scalar),
    /// A value and what members see for it.
    Labelled(LabelledChoice),
}

#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub(crate) struct LabelledChoice {
    /// What members see.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 100)))]
    pub(crate) label: String,
    /// What the provider gets.
    pub(crate) value: Scalar,
    /// The label in other languages.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    #[cfg_attr(feature = "schema", schemars(extend("propertyNames" = locales())))]
    pub(crate) labels: Texts,
}

#[derive(Serialize)]
#[serde(untagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(crate) enum Scalar {
    Text(String),
    Integer(i64),
    Number(f64),
}

#[derive(Serialize)]
#[serde(untagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(crate) enum Number {
    Integer(i64),
    Number(f64),
}

#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub(crate) struct Triggers {
    /// Asked when a recipient plays or listens.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 2), extend("items" = words(crate::ActivityKind::ALL))))]
    pub(crate) activity: Vec<&'static str>,
    /// Asked at set times.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) schedule: bool,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub(crate) struct Capabilities {
    /// Hosts that it may call: "example.com", or "*.example.com" for all below.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(max = 32)))]
    pub(crate) http: Vec<String>,
    /// Whether an operator may grant it hosts that are not in http, as where a setting takes addresses.
    #[serde(default, skip_serializing_if = "is_false")]
    pub(crate) further_hosts: bool,
    /// How much it may keep, such as "256 KiB"; at most 64 MiB.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) storage: Option<String>,
}

/// Has header or query.
#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub(crate) struct Secret {
    /// Such as "api-key".
    #[cfg_attr(feature = "schema", schemars(regex(pattern = "^[a-z][a-z0-9-]{0,31}$")))]
    pub(crate) name: String,
    /// What it is and where to get it.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 300)))]
    pub(crate) description: String,
    /// Where it is sent; within capabilities.http.
    pub(crate) host: String,
    /// The header that it stands in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) header: Option<String>,
    /// The parameter of the URL's query that it stands in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) query: Option<String>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub(crate) struct Setting {
    /// Such as "country".
    #[cfg_attr(feature = "schema", schemars(regex(pattern = "^[a-z][a-z0-9-]{0,31}$")))]
    pub(crate) name: String,
    /// What it changes.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 300)))]
    pub(crate) description: String,
    /// What it takes.
    #[cfg_attr(feature = "schema", schemars(extend("enum" = crate::SettingKind::WORDS)))]
    pub(crate) kind: &'static str,
    /// The value until the operator gives one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) default: Option<SettingValue>,
    /// For kinds integer and number: the smallest that is taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) min: Option<Number>,
    /// For kinds integer and number: the largest that is taken.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) max: Option<Number>,
    /// Not for kind boolean: the only values that are taken.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 100)))]
    pub(crate) choices: Vec<Scalar>,
}

#[derive(Serialize)]
#[serde(untagged)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub(crate) enum SettingValue {
    Boolean(bool),
    Scalar(Scalar),
    Texts(Vec<String>),
}

#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub(crate) struct Example {
    /// Such as "/news topic:space".
    #[cfg_attr(feature = "schema", schemars(regex(pattern = "^/")))]
    pub(crate) command: String,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub(crate) struct Limits {
    /// Linear memory; "1 MiB" to "64 MiB", "32 MiB" if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) memory: Option<String>,
    /// Time that the provider's own code runs; "10ms" to "1s", "100ms" if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) cpu: Option<String>,
    /// Time until the answer, waiting included; "100ms" to "20s", "8s" if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) time: Option<String>,
    /// Media sent as data in one answer; at most "8 MiB", "4 MiB" if left out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub(crate) media: Option<String>,
}

#[derive(Serialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema), schemars(deny_unknown_fields))]
pub(crate) struct Data {
    /// What is kept about members, why and for how long.
    #[cfg_attr(feature = "schema", schemars(length(min = 1, max = 1000)))]
    pub(crate) stores: String,
}

/// Every locale that Discord knows, for keys.
#[cfg(feature = "schema")]
fn locales() -> serde_json::Value {
    serde_json::json!({ "enum": crate::Locale::ALL })
}

#[cfg(feature = "schema")]
fn words<T: Serialize>(words: &[T]) -> serde_json::Value {
    serde_json::json!({ "type": "string", "enum": words })
}

/// The schema of the whole file. A key that may be left out is never null, as TOML has no null.
#[cfg(feature = "schema")]
pub(crate) fn schema() -> serde_json::Value {
    let mut schema = schemars::schema_for!(File);
    without_null(&mut schema);
    schema.to_value()
}

#[cfg(feature = "schema")]
fn without_null(schema: &mut schemars::Schema) {
    if let Some(serde_json::Value::Array(types)) = schema.get_mut("type") {
        types.retain(|word| word != "null");
        if let [only] = types.as_slice() {
            let only = only.clone();
            schema.insert(String::from("type"), only);
        }
    }
    let null = serde_json::json!({ "type": "null" });
    if let Some(serde_json::Value::Array(forms)) = schema.get_mut("anyOf")
        && let [serde_json::Value::Object(form), other] = forms.as_slice()
        && *other == null
    {
        let form = form.clone();
        schema.remove("anyOf");
        for (key, value) in form {
            schema.insert(key, value);
        }
    }
    schemars::transform::transform_subschemas(&mut without_null, schema);
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde passes the field by reference")]
fn is_false(value: &bool) -> bool {
    !value
}
