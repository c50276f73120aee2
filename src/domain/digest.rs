//! SHA-256, by the library that also does TLS, as the lower-case hexadecimal that people can compare.

use aws_lc_rs::digest::{Context, SHA256};

/// A digest of bytes that come piece by piece.
pub struct Digest(Context);

impl Digest {
    /// Of nothing so far.
    pub fn new() -> Self {
        Self(Context::new(&SHA256))
    }

    /// Takes the next bytes.
    pub fn update(&mut self, bytes: impl AsRef<[u8]>) {
        self.0.update(bytes.as_ref());
    }

    /// Its 32 bytes.
    pub fn bytes(self) -> Vec<u8> {
        self.0.finish().as_ref().to_vec()
    }

    /// Its 64 hexadecimal digits.
    pub fn hex(self) -> String {
        hex(self.0.finish().as_ref())
    }
}

impl Default for Digest {
    fn default() -> Self {
        Self::new()
    }
}

/// The digest of a file or a text, as 64 hexadecimal digits.
///
/// ```
/// use vungxanh::domain::digest::sha256;
/// assert_eq!(sha256("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
/// ```
pub fn sha256(bytes: impl AsRef<[u8]>) -> String {
    let mut digest = Digest::new();
    digest.update(bytes);
    digest.hex()
}

/// Bytes as lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    let digit = |half: u8| char::from_digit(half.into(), 16).unwrap_or_default();
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 0xF)]).collect()
}
