//! Short names for long texts, the same in every version of the provider.

/// FNV-1a with 128 bits over texts, each with its length before it, so that no two lists of texts look alike.
///
/// It tells texts apart, and is no use against whoever makes two alike on purpose; all that they gain is that one of
/// their own headlines counts as seen.
pub(crate) fn hash(texts: &[&str]) -> u128 {
    const PRIME: u128 = 0x0000_0000_0100_0000_0000_0000_0000_013b;
    let mut hash: u128 = 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d;
    for text in texts {
        let length = u64::try_from(text.len()).unwrap_or(u64::MAX).to_be_bytes();
        for byte in length.into_iter().chain(text.bytes()) {
            hash = (hash ^ u128::from(byte)).wrapping_mul(PRIME);
        }
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_of_texts_are_told_apart() {
        assert_ne!(hash(&["ab", "c"]), hash(&["a", "bc"]));
        assert_ne!(hash(&["a"]), hash(&["a", ""]));
        assert_eq!(hash(&[]), 0x6c62_272e_07bb_0142_62b8_2175_6295_c58d);
    }
}
