//! `[provider]`, `[triggers]`, `[capabilities]`, `[[secret]]`, `[limits]` and `[data]`.

use std::str::FromStr;

use super::document::{Field, Table};
use crate::{
    About, ActivityKind, ByteSize, Capabilities, ContractVersion, DataStatement, HostPattern, Limits, Manifest, Secret,
    SecretName, SecretPlace, Triggers,
    text::{cut, list},
};

const NAME_MAX: usize = 64;
const DESCRIPTION_MAX: usize = 200;
const LICENSE_MAX: usize = 100;
const HOMEPAGE_MAX: usize = 300;
const KINDS_MAX: usize = 16;
const HOSTS_MAX: usize = 32;
const SECRETS_MAX: usize = 16;
const STORAGE_MAX: ByteSize = ByteSize::mib(64);

pub(super) fn about(mut table: Table<'_>) -> Option<About> {
    let id = table.need("id", "\"news\"").and_then(|field| field.parse());
    let name = table.need("name", "\"News\"").and_then(|field| field.plain(NAME_MAX));
    let version = table.need("version", "\"1.0.0\"").and_then(|field| version(&field));
    let description =
        table.need("description", "\"Headlines from any feed\"").and_then(|field| field.plain(DESCRIPTION_MAX));
    let license = table.need("license", "\"MIT\"").and_then(|field| field.plain(LICENSE_MAX));
    let contract = table.need("contract", &format!("\"{}\"", Manifest::CONTRACT)).and_then(|field| contract(&field));
    let kinds = table.need("kinds", "[\"news\"]").map(|field| field.distinct(1, KINDS_MAX));
    let homepage = table.get("homepage").and_then(|field| homepage(&field));
    table.finish();
    Some(About {
        id: id?,
        name: name?,
        version: version?,
        description: description?,
        license: license?,
        contract: contract?,
        kinds: kinds?,
        homepage,
    })
}

fn version(field: &Field<'_>) -> Option<semver::Version> {
    let text = field.text()?;
    let allowed = "use major, minor and patch, such as \"1.2.0\"";
    semver::Version::from_str(text).ok().or_else(|| field.wrong(format!("{:?} is not a version", cut(text)), allowed))
}

/// A provider is taken if all that its contract has, this host has too.
fn contract(field: &Field<'_>) -> Option<ContractVersion> {
    let version: ContractVersion = field.parse()?;
    let known = Manifest::CONTRACT;
    if version.major == known.major && version.minor <= known.minor {
        return Some(version);
    }
    let allowed = format!("use \"{known}\"");
    if version > known {
        field.wrong(
            format!("contract {version} is newer than {known}, the newest that this version of autocontent knows"),
            format!("{allowed}, or update autocontent"),
        )
    } else {
        field.wrong(format!("contract {version} is not supported any more"), allowed)
    }
}

fn homepage(field: &Field<'_>) -> Option<String> {
    let text = field.plain(HOMEPAGE_MAX)?;
    let host = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    if host.is_some_and(|host| host.starts_with(char::is_alphanumeric)) && !text.contains(char::is_whitespace) {
        return Some(text);
    }
    field.wrong(format!("{:?} is not the address of a page", cut(&text)), "use one that begins with https://")
}

pub(super) fn triggers(mut table: Table<'_>) -> Triggers {
    let activities = table.get("activity").map(|field| field.distinct(0, ActivityKind::ALL.len())).unwrap_or_default();
    let schedule = table.get("schedule").and_then(|field| field.boolean()).unwrap_or(false);
    table.finish();
    Triggers { activity: activities.into_iter().collect(), schedule }
}

pub(super) fn capabilities(mut table: Table<'_>, has_data: bool) -> Capabilities {
    let http = table.get("http").map(|field| field.distinct(0, HOSTS_MAX)).unwrap_or_default();
    let further_hosts = table.get("further-hosts").and_then(|field| field.boolean()).unwrap_or(false);
    let storage = table.get("storage");
    if let Some(field) = storage.as_ref().filter(|_| !has_data) {
        let allowed =
            "add [data] with stores = \"…\", which tells members what is kept about them, why and for how long";
        table.report.add(field.at, "data.stores", "it is missing, though capabilities.storage is asked for", allowed);
    }
    let storage = storage.and_then(|field| size(&field, ByteSize(1), STORAGE_MAX));
    table.finish();
    Capabilities { http, further_hosts, storage }
}

fn size(field: &Field<'_>, min: ByteSize, max: ByteSize) -> Option<ByteSize> {
    let size: ByteSize = field.parse()?;
    if (min..=max).contains(&size) {
        Some(size)
    } else {
        field.wrong(format!("{size} is out of range"), format!("use {min} to {max}"))
    }
}

/// Without `capabilities`, where those are wrong themselves, hosts are not compared with them.
pub(super) fn secrets(root: &mut Table<'_>, capabilities: Option<&Capabilities>) -> Vec<Secret> {
    let mut secrets: Vec<Secret> = Vec::new();
    for table in root.sections("secret", SECRETS_MAX) {
        let (at, report) = (table.at, table.report);
        if let Some(secret) = secret(table, capabilities) {
            if secrets.iter().any(|earlier| earlier.name == secret.name) {
                report.add(
                    at,
                    "secret",
                    format!("a second secret is called {:?}", secret.name.as_str()),
                    "give each its own name",
                );
            }
            secrets.push(secret);
        }
    }
    secrets
}

fn secret(mut table: Table<'_>, capabilities: Option<&Capabilities>) -> Option<Secret> {
    let name: Option<SecretName> = table.need("name", "\"api-key\"").and_then(|field| field.parse());
    let description = table.need("description", "\"Key from newsapi.org\"").and_then(|field| field.parse());
    let host = table.need("host", "\"newsapi.org\"").and_then(|field| secret_host(&field, capabilities));
    let header = table.get("header");
    let query = table.get("query");
    let place = match (header, query) {
        (Some(header), None) => header.parse().map(SecretPlace::Header),
        (None, Some(query)) => query.parse().map(SecretPlace::Query),
        (Some(_), Some(query)) => query.wrong("the secret has a header and a query", "use one of the two"),
        (None, None) => {
            let allowed = "add header = \"X-Api-Key\" or query = \"apiKey\"";
            table.report.add(table.at, &table.path, "nothing says where in a request the secret stands", allowed);
            None
        }
    };
    table.finish();
    Some(Secret { name: name?, description: description?, host: host?, place: place? })
}

fn secret_host(field: &Field<'_>, capabilities: Option<&Capabilities>) -> Option<HostPattern> {
    let host: HostPattern = field.parse()?;
    let Some(capabilities) = capabilities else { return Some(host) };
    if capabilities.http.iter().any(|granted| granted.covers(&host)) {
        return Some(host);
    }
    let allowed = if capabilities.http.is_empty() {
        String::from("add it there")
    } else {
        format!("add it there, or use {}", list(&capabilities.http, "or"))
    };
    field.wrong(format!("{:?} is not within capabilities.http", host.as_str()), allowed)
}

pub(super) fn limits(mut table: Table<'_>) -> Limits {
    let (min, max) = (Limits::MIN, Limits::MAX);
    let memory = table.get("memory").and_then(|field| size(&field, min.memory, max.memory));
    let cpu = table.get("cpu");
    let cpu_at = cpu.as_ref().map_or(table.at, |field| field.at);
    let cpu = cpu.and_then(|field| field.duration(min.cpu, max.cpu));
    let time = table.get("time").and_then(|field| field.duration(min.time, max.time));
    let media = table.get("media").and_then(|field| size(&field, min.media, max.media));
    let limits = Limits {
        memory: memory.unwrap_or(Limits::DEFAULT.memory),
        cpu: cpu.unwrap_or(Limits::DEFAULT.cpu),
        time: time.unwrap_or(Limits::DEFAULT.time),
        media: media.unwrap_or(Limits::DEFAULT.media),
    };
    if limits.cpu > limits.time {
        table.report.add(cpu_at, "limits.cpu", "it is more than limits.time", "use at most as much");
    }
    table.finish();
    limits
}

pub(super) fn data(mut table: Table<'_>) -> Option<DataStatement> {
    let example = "\"The topics that a member follows, until they unsubscribe.\"";
    let stores = table.need("stores", example).and_then(|field| field.parse());
    table.finish();
    Some(DataStatement { stores: stores? })
}
