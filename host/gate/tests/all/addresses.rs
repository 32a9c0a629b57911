//! Which addresses are public, held against IANA's registries, written down once more as ranges.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::sync::LazyLock;

use autocontent_gate::is_public;
use ipnet::IpNet;
use proptest::prelude::*;

/// The special-purpose registries and what else is no host of the internet, as of 2026.
const SPECIAL: [&str; 37] = [
    "0.0.0.0/8",
    "10.0.0.0/8",
    "100.64.0.0/10",
    "127.0.0.0/8",
    "169.254.0.0/16",
    "172.16.0.0/12",
    "192.0.0.0/24",
    "192.0.2.0/24",
    "192.88.99.0/24",
    "192.168.0.0/16",
    "198.18.0.0/15",
    "198.51.100.0/24",
    "203.0.113.0/24",
    "224.0.0.0/4",
    "240.0.0.0/4",
    "255.255.255.255/32",
    "168.63.129.16/32",
    "::/128",
    "::1/128",
    "::/96",
    "::ffff:0:0/96",
    "::ffff:0:0:0/96",
    "64:ff9b::/96",
    "64:ff9b:1::/48",
    "100::/64",
    "2001::/23",
    "2001::/32",
    "2001:db8::/32",
    "2002::/16",
    "3ffe::/16",
    "3fff::/20",
    "4000::/2",
    "5f00::/16",
    "fc00::/7",
    "fe80::/10",
    "fec0::/10",
    "ff00::/8",
];

static NETS: LazyLock<Vec<IpNet>> = LazyLock::new(|| SPECIAL.iter().map(|net| net.parse().unwrap()).collect());

/// Outside of the one range of IPv6 that is handed out.
fn unassigned(address: IpAddr) -> bool {
    let handed_out: IpNet = "2000::/3".parse().unwrap();
    address.is_ipv6() && !handed_out.contains(&address)
}

fn step(address: IpAddr, by: i128) -> Option<IpAddr> {
    match address {
        IpAddr::V4(address) => {
            u32::try_from(i128::from(address.to_bits()) + by).ok().map(|bits| Ipv4Addr::from_bits(bits).into())
        }
        IpAddr::V6(address) => address.to_bits().checked_add_signed(by).map(|bits| Ipv6Addr::from_bits(bits).into()),
    }
}

#[test]
fn each_range_is_refused_from_its_first_to_its_last_address_and_no_further() {
    for net in NETS.iter() {
        assert!(!is_public(net.network()), "{}", net.network());
        assert!(!is_public(net.broadcast()), "{}", net.broadcast());
        for beside in [step(net.network(), -1), step(net.broadcast(), 1)].into_iter().flatten() {
            let expected = !unassigned(beside) && !NETS.iter().any(|net| net.contains(&beside));
            assert_eq!(is_public(beside), expected, "{beside} beside {net}");
        }
    }
}

#[test]
fn hosts_of_the_internet_are_public() {
    for address in
        ["1.1.1.1", "8.8.8.8", "100.63.255.255", "172.32.0.1", "223.255.255.255", "2606:4700::1111", "2a00::1"]
    {
        assert!(is_public(address.parse().unwrap()), "{address}");
    }
}

#[test]
fn the_metadata_services_of_clouds_are_not() {
    for address in
        ["169.254.169.254", "100.100.100.200", "192.0.0.192", "168.63.129.16", "fd00:ec2::254", "fe80::a9fe:a9fe"]
    {
        assert!(!is_public(address.parse().unwrap()), "{address}");
    }
}

/// Addresses of all kinds: any, and any within a special range.
fn address() -> impl Strategy<Value = IpAddr> {
    let within = (prop::sample::select(NETS.clone()), any::<u128>()).prop_map(|(net, bits)| match net {
        IpNet::V4(net) => {
            let host = u32::try_from(bits & 0xffff_ffff).unwrap() & net.hostmask().to_bits();
            IpAddr::V4(Ipv4Addr::from_bits(net.network().to_bits() | host))
        }
        IpNet::V6(net) => IpAddr::V6(Ipv6Addr::from_bits(net.network().to_bits() | bits & net.hostmask().to_bits())),
    });
    prop_oneof![
        any::<u32>().prop_map(|bits| IpAddr::V4(Ipv4Addr::from_bits(bits))),
        any::<u128>().prop_map(|bits| IpAddr::V6(Ipv6Addr::from_bits(bits))),
        // The handed-out range would be rare otherwise.
        any::<u128>().prop_map(|bits| IpAddr::V6(Ipv6Addr::from_bits(bits >> 3 | 1 << 125))),
        within,
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(20_000))]

    #[test]
    fn an_address_is_public_if_and_only_if_no_registry_says_otherwise(address in address()) {
        let expected = !unassigned(address) && !NETS.iter().any(|net| net.contains(&address));
        prop_assert_eq!(is_public(address), expected, "{}", address);
    }

    #[test]
    fn no_ipv6_address_that_carries_an_ipv4_address_is_public(bits in any::<u32>()) {
        let inner = Ipv4Addr::from_bits(bits);
        let [a, b, c, d] = inner.octets().map(u16::from);
        let (high, low) = (a << 8 | b, c << 8 | d);
        let carriers = [
            inner.to_ipv6_mapped(),
            inner.to_ipv6_compatible(),
            Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low),
            Ipv6Addr::new(0x64, 0xff9b, 1, 0, 0, 0, high, low),
            Ipv6Addr::new(0x2002, high, low, 0, 0, 0, 0, 1),
            Ipv6Addr::new(0x2001, 0, 0, 0, 0, 0, !high, !low),
        ];
        for carrier in carriers {
            prop_assert!(!is_public(IpAddr::V6(carrier)), "{}", carrier);
        }
    }
}
