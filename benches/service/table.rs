//! Numbers in columns, medians, and reaches kept or missed.

/// The middle one; the greater of two.
pub fn median(numbers: impl IntoIterator<Item = f64>) -> f64 {
    percentile(numbers, 0.5)
}

/// The number that a share of all are below.
pub fn percentile(numbers: impl IntoIterator<Item = f64>, share: f64) -> f64 {
    let mut sorted: Vec<f64> = numbers.into_iter().collect();
    sorted.sort_by(f64::total_cmp);
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "small")]
    let place = (sorted.len() as f64 * share) as usize;
    sorted.get(place.min(sorted.len().saturating_sub(1))).copied().unwrap_or(f64::NAN)
}

/// What a number must be.
pub enum Must {
    /// Not less.
    AtLeast(f64),
    /// Not more.
    AtMost(f64),
}

/// Prints a heading.
pub fn heading(text: &str) {
    println!("\n== {text}");
}

/// Prints a reach: what it must be, what it is, whether that is enough.
pub fn reach(name: &str, must: &Must, measured: f64, unit: &str) {
    let (sign, bound, is_kept) = match *must {
        Must::AtLeast(bound) => ('≥', bound, measured >= bound),
        Must::AtMost(bound) => ('≤', bound, measured <= bound),
    };
    let verdict = if is_kept { "ok" } else { "MISSED" };
    println!("  {name:<62} must {sign} {bound:<5} measured {measured:>8.2} {unit:<6} {verdict}");
}
