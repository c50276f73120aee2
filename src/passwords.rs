//! Passwords as argon2id hashes.

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};

/// Hashes a password with a random salt. Slow on purpose: never on a thread that serves requests.
pub fn hash(password: &str) -> Result<String, String> {
    Argon2::default().hash_password(password.as_bytes()).map(|hash| hash.to_string()).map_err(|e| e.to_string())
}

/// Whether the password fits the hash; without a hash the same work is done for nothing, so that the time taken
/// does not tell which names exist.
pub fn verify(password: &str, hash: Option<&str>) -> bool {
    static NOBODY: std::sync::LazyLock<String> =
        std::sync::LazyLock::new(|| self::hash("nobody has this password").unwrap_or_default());
    let parsed = PasswordHash::new(hash.unwrap_or(&NOBODY));
    let fits = parsed.is_ok_and(|parsed| Argon2::default().verify_password(password.as_bytes(), &parsed).is_ok());
    fits && hash.is_some()
}

/// A password nobody has to invent: 16 letters and digits without look-alikes.
pub fn random() -> String {
    const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyzACDEFGHJKLMNPQRTUVWXY34679";
    (0..16).map(|_| char::from(LETTERS[rand::random_range(0..LETTERS.len())])).collect()
}
