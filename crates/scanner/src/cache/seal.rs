//! What an entry looks like on the disk, and whether it is to be believed.

use chacha20poly1305::aead::{Aead as _, Generate as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};

/// First bytes of an entry as it stands, and of one that is encrypted.
const OPEN: &[u8; 8] = b"complet1";
const SEALED: &[u8; 8] = b"complet2";

/// Bytes of the shortest secret: less is guessed.
pub(super) const SHORTEST_SECRET: usize = 16;

/// Closes entries and opens them again.
pub(super) enum Seal {
    /// A checksum against accidents.
    Checksum,
    /// Encryption: nobody without the secret reads, makes or changes an entry, or knows of which file it is.
    Secret { cipher: Box<XChaCha20Poly1305>, names: [u8; blake3::KEY_LEN] },
}

impl Seal {
    pub(super) fn new(secret: Option<&[u8]>) -> Self {
        match secret {
            None => Self::Checksum,
            Some(secret) => Self::Secret {
                cipher: Box::new(XChaCha20Poly1305::new(
                    &blake3::derive_key("complet 2026 page cache encryption", secret).into(),
                )),
                names: blake3::derive_key("complet 2026 page cache names", secret),
            },
        }
    }

    /// The name of the entry for a key.
    pub(super) fn name(&self, key: &[u8]) -> String {
        let hash = match self {
            Self::Checksum => blake3::hash(key),
            Self::Secret { names, .. } => blake3::keyed_hash(names, key),
        };
        hash.to_hex().to_string()
    }

    pub(super) fn close(&self, name: &str, value: &[u8]) -> Option<Vec<u8>> {
        match self {
            Self::Checksum => Some([OPEN.as_slice(), checksum(name, value).as_bytes(), value].concat()),
            Self::Secret { cipher, .. } => {
                let nonce = XNonce::try_generate().ok()?;
                let sealed = cipher.encrypt(&nonce, Payload { msg: value, aad: name.as_bytes() }).ok()?;
                Some([SEALED.as_slice(), nonce.as_slice(), &sealed].concat())
            }
        }
    }

    /// What was closed under this name; `None` when it is anything else.
    pub(super) fn open(&self, name: &str, bytes: &[u8]) -> Option<Vec<u8>> {
        let (magic, rest) = bytes.split_first_chunk::<8>()?;
        match self {
            Self::Checksum => {
                let (sum, value) = rest.split_first_chunk::<{ blake3::OUT_LEN }>()?;
                (magic == OPEN && checksum(name, value) == *sum).then(|| value.to_vec())
            }
            Self::Secret { cipher, .. } => {
                let (nonce, sealed) = rest.split_first_chunk::<24>()?;
                let sealed = Payload { msg: sealed, aad: name.as_bytes() };
                (magic == SEALED).then(|| cipher.decrypt(&XNonce::from(*nonce), sealed).ok()).flatten()
            }
        }
    }
}

/// Over the name as well: an entry that was moved is none.
fn checksum(name: &str, value: &[u8]) -> blake3::Hash {
    let mut hasher = blake3::Hasher::new_derive_key("complet 2026 page cache checksum");
    hasher.update(name.as_bytes()).update(value);
    hasher.finalize()
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::indexing_slicing)]

    use super::*;

    #[test]
    fn only_what_was_closed_under_a_name_comes_out_again() {
        for secret in [None, Some(b"0123456789abcdef".as_slice())] {
            let seal = Seal::new(secret);
            let closed = seal.close("a", b"a page of a passport").unwrap();
            assert_eq!(seal.open("a", &closed).unwrap(), b"a page of a passport");
            assert_eq!(seal.open("b", &closed), None);
            for i in 0..closed.len() {
                let mut bent = closed.clone();
                bent[i] ^= 1;
                assert_eq!(seal.open("a", &bent), None, "byte {i}");
                assert_eq!(seal.open("a", &closed[..i]), None, "cut at {i}");
            }
        }
    }

    #[test]
    fn a_secret_hides_text_and_names_and_keeps_others_out() {
        let (one, other) = (Seal::new(Some(b"0123456789abcdef")), Seal::new(Some(b"fedcba9876543210")));
        let closed = one.close("a", b"a page of a passport").unwrap();
        assert!(!closed.windows(8).any(|w| w == b"passport"));
        assert_eq!(other.open("a", &closed), None);
        assert_eq!(Seal::new(None).open("a", &closed), None);
        assert_eq!(one.open("a", &Seal::new(None).close("a", b"forged").unwrap()), None);
        assert_ne!(one.name(b"key"), other.name(b"key"));
        // The same twice is not the same bytes.
        assert_ne!(closed, one.close("a", b"a page of a passport").unwrap());
    }
}
