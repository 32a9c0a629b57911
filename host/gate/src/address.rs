//! Which addresses are public. Everything else might be the operator's own: another program on this machine, a router, a
//! cloud's metadata service.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

/// Whether an address is one that anybody on the internet may reach, by IANA's registries of special-purpose addresses.
///
/// IPv6 addresses that carry an IPv4 address inside (mapped, compatible, translated, 6to4, Teredo) are refused whatever they
/// carry, as they would be a second spelling of it.
///
/// ```
/// use autocontent_gate::is_public;
/// assert!(is_public("1.1.1.1".parse().unwrap()));
/// assert!(!is_public("169.254.169.254".parse().unwrap()));
/// assert!(!is_public("::ffff:1.1.1.1".parse().unwrap()));
/// ```
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => !is_special_v4(address),
        IpAddr::V6(address) => is_unicast_v6(address) && !is_special_v6(address),
    }
}

fn is_special_v4(address: Ipv4Addr) -> bool {
    matches!(
        address.octets(),
        [0 | 10 | 127, ..]                  // this network, private, loopback
            | [100, 64..=127, ..]           // shared by carriers (CGNAT)
            | [169, 254, ..]                // link-local, metadata services
            | [172, 16..=31, ..]            // private
            | [192, 0, 0 | 2, _]            // protocol assignments, documentation
            | [192, 88, 99, _]              // 6to4 relays
            | [192, 168, ..]                // private
            | [198, 18 | 19, ..]            // benchmarks
            | [198, 51, 100, _]             // documentation
            | [203, 0, 113, _]              // documentation
            | [224..=255, ..]               // multicast, reserved, broadcast
            | [168, 63, 129, 16] // Azure's wire server: inside each machine there, though the range is public
    )
}

/// 2000::/3, the only part of IPv6 that is handed out. Outside of it lie loopback, mapped, compatible and NAT64 addresses,
/// unique-local, link-local, site-local and multicast ones.
fn is_unicast_v6(address: Ipv6Addr) -> bool {
    address.segments()[0] & 0xe000 == 0x2000
}

fn is_special_v6(address: Ipv6Addr) -> bool {
    matches!(
        address.segments(),
        [0x2001, 0..=0x01ff, ..]            // protocol assignments: Teredo, benchmarks, ORCHID
            | [0x2001, 0x0db8, ..]          // documentation
            | [0x2002, ..]                  // 6to4
            | [0x3ffe, ..]                  // the former 6bone
            | [0x3fff, 0..=0x0fff, ..] // documentation
    )
}
