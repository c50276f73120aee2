//! What the program is built from comes from crates.io, under licences that let everybody use it.
//! `.cargo/deny.toml` says the same to cargo-deny; this works where that is not installed.

use std::process::Command;

use serde_json::Value;

const ALLOWED: [&str; 15] = [
    "MIT",
    "MIT-0",
    "Apache-2.0",
    "Apache-2.0 WITH LLVM-exception",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "Zlib",
    "0BSD",
    "BSL-1.0",
    "CC0-1.0",
    "Unicode-3.0",
    "Unlicense",
    "OpenSSL",
    "PostgreSQL",
];
const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

/// Whether somebody with only the allowed licences may use it: an SPDX expression of AND, OR and brackets.
fn is_allowed(expression: &str) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut at = 0;
    let allowed = any_of(&words, &mut at);
    assert_eq!(at, words.len(), "{expression} is not understood");
    allowed
}

fn any_of(words: &[&str], at: &mut usize) -> bool {
    let mut allowed = all_of(words, at);
    while words.get(*at) == Some(&"OR") {
        *at += 1;
        allowed |= all_of(words, at);
    }
    allowed
}

fn all_of(words: &[&str], at: &mut usize) -> bool {
    let mut allowed = one(words, at);
    while words.get(*at) == Some(&"AND") {
        *at += 1;
        allowed &= one(words, at);
    }
    allowed
}

fn one(words: &[&str], at: &mut usize) -> bool {
    let Some(word) = words.get(*at) else { return false };
    *at += 1;
    if *word == "(" {
        let allowed = any_of(words, at);
        *at += 1;
        return allowed;
    }
    if words.get(*at) == Some(&"WITH") {
        *at += 2;
        return ALLOWED.contains(&format!("{word} WITH {}", words[*at - 1]).as_str());
    }
    ALLOWED.contains(word)
}

#[test]
fn every_dependency_is_from_crates_io_under_a_licence_that_lets_everybody_use_it() {
    let output = Command::new(env!("CARGO"))
        .args(["metadata", "--format-version=1", "--locked", "--filter-platform=x86_64-unknown-linux-gnu"])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let metadata: Value = serde_json::from_slice(&output.stdout).unwrap();
    let packages = metadata["packages"].as_array().unwrap();
    assert!(packages.len() > 100);
    let wrong: Vec<String> = packages
        .iter()
        .filter(|package| package["name"] != env!("CARGO_PKG_NAME"))
        .filter(|package| package["source"] != CRATES_IO || !package["license"].as_str().is_some_and(is_allowed))
        .map(|package| {
            format!("{} {}: {} from {}", package["name"], package["version"], package["license"], package["source"])
        })
        .collect();
    assert_eq!(wrong, [""; 0]);
}

#[test]
fn licences_that_bind_whoever_uses_the_program_are_noticed() {
    for allowed in ["MIT", "MIT OR GPL-3.0-only", "MIT/Apache-2.0", "(MIT OR LGPL-2.1) AND Unicode-3.0"] {
        assert!(is_allowed(allowed), "{allowed}");
    }
    for refused in
        ["GPL-3.0-only", "MIT AND AGPL-3.0-only", "(MIT OR ISC) AND LGPL-2.1", "GPL-2.0 WITH Classpath-exception-2.0"]
    {
        assert!(!is_allowed(refused), "{refused}");
    }
}
