//! The granter: what a version may do is what its manifest asks for and what an operator granted, both at once. Further
//! hosts are the exception, where a manifest says that it takes them: nobody can ask for what only the operator knows.

use std::collections::BTreeSet;

use autocontent_manifest::{Capability, Manifest};

/// What a version may do.
pub(crate) fn in_force(manifest: &Manifest, granted: &BTreeSet<Capability>) -> BTreeSet<Capability> {
    let asks = manifest.asks();
    let allowed = |asked: &Capability| granted.iter().filter_map(|one| one.meet(asked).cloned()).collect::<Vec<_>>();
    let mut force: BTreeSet<Capability> = asks.iter().flat_map(allowed).collect();
    // Of several sizes the largest says it all.
    let largest = force.iter().filter(|one| matches!(one, Capability::Storage(_))).max().cloned();
    force.retain(|one| !matches!(one, Capability::Storage(_)) || Some(one) == largest.as_ref());
    force.extend(further_hosts(manifest, granted));
    let plain: Vec<_> = force.iter().flat_map(|one| plain_http(one, granted)).collect();
    force.extend(plain);
    force
}

/// What a version asks for and was not granted, not even by what the version that serves now may do.
pub(crate) fn missing(
    manifest: &Manifest,
    granted: &BTreeSet<Capability>,
    current: &BTreeSet<Capability>,
) -> BTreeSet<Capability> {
    let covered = |asked: &Capability| granted.union(current).any(|one| one.covers(asked));
    manifest.asks().into_iter().filter(|asked| !covered(asked)).collect()
}

/// What a version takes over from what the version that serves now may do.
pub(crate) fn inherited(
    manifest: &Manifest,
    granted: &BTreeSet<Capability>,
    current: &BTreeSet<Capability>,
) -> BTreeSet<Capability> {
    let asks = manifest.asks();
    let new = asks.iter().filter(|asked| !granted.iter().any(|one| one.covers(asked)));
    let taken = new.filter(|asked| current.iter().any(|one| one.covers(asked))).cloned();
    let further: BTreeSet<_> = further_hosts(manifest, current).collect();
    let plain = asks.iter().chain(&further).flat_map(|host| plain_http(host, current)).collect::<Vec<_>>();
    taken.chain(further).chain(plain).collect()
}

/// The hosts that were granted to a version that takes more than it asks for.
fn further_hosts(manifest: &Manifest, granted: &BTreeSet<Capability>) -> impl Iterator<Item = Capability> {
    granted.iter().filter(|one| matches!(one, Capability::Http(_)) && manifest.takes(one)).cloned()
}

/// The hosts of a capability that may be called without encryption too.
fn plain_http(capability: &Capability, granted: &BTreeSet<Capability>) -> Vec<Capability> {
    let Capability::Http(host) = capability else { return Vec::new() };
    let widened = Capability::PlainHttp(host.clone());
    granted.iter().filter_map(|one| one.meet(&widened).cloned()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn capabilities(texts: &str) -> BTreeSet<Capability> {
        texts.split_whitespace().map(|text| text.parse().unwrap()).collect()
    }

    fn texts(capabilities: &BTreeSet<Capability>) -> String {
        capabilities.iter().map(ToString::to_string).collect::<Vec<_>>().join(" ")
    }

    /// A manifest that asks for this, and takes further hosts where that stands before it.
    fn manifest(asks: &str) -> Manifest {
        let (further, asks) = match asks.strip_prefix("further-hosts") {
            Some(asks) => (true, capabilities(asks)),
            None => (false, capabilities(asks)),
        };
        let http: Vec<String> = asks
            .iter()
            .filter_map(|one| match one {
                Capability::Http(host) => Some(format!("{:?}", host.as_str())),
                _ => None,
            })
            .collect();
        let storage = asks.iter().find_map(|one| match one {
            Capability::Storage(size) => Some(format!("storage = \"{size}\"\n[data]\nstores = \"Things\"\n")),
            _ => None,
        });
        let schedule = asks.contains(&Capability::Schedule);
        let text = format!(
            "[provider]\nid = \"news\"\nname = \"News\"\nversion = \"1.0.0\"\ndescription = \"News\"\nlicense = \"MIT\"\n\
             contract = \"1.0\"\nkinds = [\"news\"]\n[[command]]\nname = \"news\"\ndescription = \"News\"\n\
             [triggers]\nschedule = {schedule}\n[capabilities]\nfurther-hosts = {further}\nhttp = [{}]\n{}",
            http.join(", "),
            storage.unwrap_or_default(),
        );
        let manifest = Manifest::parse(&text).unwrap_or_else(|errors| panic!("{errors}\n{text}"));
        assert_eq!(manifest.asks(), asks);
        manifest
    }

    #[test]
    fn in_force_is_what_was_asked_for_and_granted() {
        for (asks, granted, expected) in [
            ("http:a.com", "", ""),
            ("", "http:a.com schedule", ""),
            ("http:a.com schedule", "schedule", "schedule"),
            ("http:a.com", "http:b.com", ""),
            // The narrower of both.
            ("http:*.a.com", "http:x.a.com http:y.a.com", "http:x.a.com http:y.a.com"),
            ("http:x.a.com", "http:*.a.com", "http:x.a.com"),
            ("storage:1000", "storage:500", "storage:500"),
            ("storage:1000", "storage:2000", "storage:1000"),
            ("storage:1000", "storage:10 storage:500", "storage:500"),
            // Plain HTTP only where HTTP is in force too.
            ("http:a.com", "plain-http:a.com", ""),
            (
                "http:a.com http:b.com",
                "http:a.com http:b.com plain-http:a.com",
                "http:a.com http:b.com plain-http:a.com",
            ),
            ("http:*.a.com", "http:x.a.com plain-http:*.a.com", "http:x.a.com plain-http:x.a.com"),
            ("http:a.com", "http:a.com plain-http:b.com", "http:a.com"),
            // Hosts alone may be granted beyond what was asked for, and only where the manifest takes them.
            ("further-hosts http:a.com", "http:b.com", "http:b.com"),
            ("further-hosts", "http:*.b.com storage:10 schedule", "http:*.b.com"),
            ("further-hosts", "http:b.com plain-http:b.com plain-http:c.com", "http:b.com plain-http:b.com"),
        ] {
            let force = in_force(&manifest(asks), &capabilities(granted));
            assert_eq!(texts(&force), expected, "{asks} with {granted}");
        }
    }

    #[test]
    fn an_upgrade_takes_over_what_it_had_and_misses_what_is_new() {
        for (asks, granted, current, expected_missing, expected_inherited) in [
            ("http:a.com", "", "http:a.com", "", "http:a.com"),
            ("http:a.com http:b.com", "", "http:a.com", "http:b.com", "http:a.com"),
            ("http:a.com http:b.com", "http:b.com", "http:a.com", "", "http:a.com"),
            ("http:x.a.com", "", "http:*.a.com", "", "http:x.a.com"),
            ("http:*.a.com", "", "http:x.a.com", "http:*.a.com", ""),
            ("storage:2000", "", "storage:1000", "storage:2000", ""),
            ("storage:500", "", "storage:1000", "", "storage:500"),
            ("http:a.com", "", "http:a.com plain-http:a.com", "", "http:a.com plain-http:a.com"),
            ("", "", "http:a.com plain-http:a.com schedule", "", ""),
            ("further-hosts http:a.com", "", "http:b.com", "http:a.com", "http:b.com"),
            ("further-hosts", "", "http:b.com plain-http:b.com schedule", "", "http:b.com plain-http:b.com"),
        ] {
            let (manifest, granted, current) = (manifest(asks), capabilities(granted), capabilities(current));
            assert_eq!(texts(&missing(&manifest, &granted, &current)), expected_missing, "{asks}");
            assert_eq!(texts(&inherited(&manifest, &granted, &current)), expected_inherited, "{asks}");
        }
    }
}
