//! Passwords as argon2id hashes.

use std::{
    io,
    sync::mpsc::{SyncSender, sync_channel},
    thread,
};

use argon2::{
    Argon2,
    password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash},
};
use tokio::sync::oneshot;

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

/// Checks passwords one after another on a thread of its own. Each check takes 19 MiB and a core for a moment: done
/// anywhere and all at once, sign-ins would take the memory and the time of everybody else.
pub struct Checker {
    queue: SyncSender<Check>,
}

struct Check {
    password: String,
    hash: Option<String>,
    answer: oneshot::Sender<bool>,
}

/// How many sign-ins may wait.
const QUEUE: usize = 64;

impl Checker {
    /// Starts the thread; it ends when the checker is dropped.
    pub fn start() -> io::Result<Self> {
        let (queue, checks) = sync_channel::<Check>(QUEUE);
        thread::Builder::new().name("passwords".into()).spawn(move || {
            for check in checks {
                // Whoever asked may have gone away.
                let _gone = check.answer.send(verify(&check.password, check.hash.as_deref()));
            }
        })?;
        Ok(Self { queue })
    }

    /// Whether the password fits the hash, as [`verify`] says; none when too many are waiting.
    pub async fn check(&self, password: String, hash: Option<String>) -> Option<bool> {
        let (answer, answered) = oneshot::channel();
        self.queue.try_send(Check { password, hash, answer }).ok()?;
        answered.await.ok()
    }
}

/// A password nobody has to invent: 16 letters and digits without look-alikes.
pub fn random() -> String {
    const LETTERS: &[u8] = b"abcdefghjkmnpqrstuvwxyzACDEFGHJKLMNPQRTUVWXY34679";
    (0..16).map(|_| char::from(LETTERS[rand::random_range(0..LETTERS.len())])).collect()
}
