//! The line of a place in bytes: ten for a step, so that the zones of a country over years are a few megabytes.

use std::ops::{Bound, RangeBounds};

use chrono::NaiveDate;

use super::StoreError;
use crate::domain::{
    calendar::{self, Instant},
    zone::line::{Line, Step},
};

/// Steps count seconds from the first instant of 2020 in Vietnam, in four bytes: until the year 2156.
fn epoch() -> Instant {
    calendar::start_of(NaiveDate::from_ymd_opt(2020, 1, 1).unwrap_or_default())
}

/// Bytes of a packed step: seconds, decision, scheme, level.
const STEP: usize = 10;

/// Codes of the schemes, each after its length, closed by a zero; the number of open proposals and each of them; then
/// the steps.
pub(super) fn pack(line: &Line) -> Result<Vec<u8>, StoreError> {
    let out_of_range = || StoreError::Broken("a zone decision is out of the range of a line".into());
    let byte = |n: usize| u8::try_from(n).map_err(|_| out_of_range());
    let mut packed = Vec::with_capacity(40 + line.steps.len() * STEP);
    for code in &line.schemes {
        packed.push(byte(code.len())?);
        packed.extend(code.as_bytes());
    }
    packed.push(0);
    let four_bytes = |n: i64| u32::try_from(n).map(u32::to_le_bytes).map_err(|_| out_of_range());
    packed.extend(u16::try_from(line.open.len()).map_err(|_| out_of_range())?.to_le_bytes());
    for proposal in &line.open {
        packed.extend(four_bytes(*proposal)?);
    }
    let epoch = epoch().timestamp();
    for step in &line.steps {
        packed.extend(four_bytes(step.second - epoch)?);
        packed.extend(four_bytes(step.decision)?);
        packed.push(byte(step.scheme)?);
        packed.push(u8::try_from(step.level).map_err(|_| out_of_range())?);
    }
    Ok(packed)
}

/// The steps inside `span` and the one in force where it begins.
pub(super) fn unpack(packed: &[u8], span: &impl RangeBounds<Instant>) -> Result<Line, StoreError> {
    let broken = || StoreError::Broken("a zone line cannot be read".into());
    let mut schemes = Vec::new();
    let mut rest = packed;
    loop {
        let (length, after) = rest.split_first().ok_or_else(broken)?;
        if *length == 0 {
            rest = after;
            break;
        }
        let (code, after) = after.split_at_checked(usize::from(*length)).ok_or_else(broken)?;
        schemes.push(String::from_utf8(code.to_vec()).map_err(|_| broken())?);
        rest = after;
    }
    let (count, rest) = rest.split_first_chunk::<2>().ok_or_else(broken)?;
    let (open, rest) = rest.split_at_checked(4 * usize::from(u16::from_le_bytes(*count))).ok_or_else(broken)?;
    let open = open.as_chunks::<4>().0.iter().map(|id| u32::from_le_bytes(*id).into()).collect();
    let epoch = epoch().timestamp();
    let (steps, left) = rest.as_chunks::<STEP>();
    if !left.is_empty() {
        return Err(broken());
    }
    let seconds = |step: &[u8; STEP]| {
        let &[a, b, c, d, ..] = step;
        epoch + i64::from(u32::from_le_bytes([a, b, c, d]))
    };
    // Steps begin at whole seconds, so a bound inside a second is one at its start.
    let first = match span.start_bound() {
        Bound::Included(from) | Bound::Excluded(from) => {
            steps.partition_point(|step| seconds(step) <= from.timestamp()).saturating_sub(1)
        }
        Bound::Unbounded => 0,
    };
    let end = match span.end_bound() {
        Bound::Included(to) | Bound::Excluded(to) => steps.partition_point(|step| seconds(step) <= to.timestamp()),
        Bound::Unbounded => steps.len(),
    };
    let step = |packed: &[u8; STEP]| {
        let &[_, _, _, _, e, f, g, h, scheme, level] = packed;
        Step {
            second: seconds(packed),
            decision: u32::from_le_bytes([e, f, g, h]).into(),
            scheme: scheme.into(),
            level: level.into(),
        }
    };
    Ok(Line { schemes, steps: steps.get(first..end).unwrap_or_default().iter().map(step).collect(), open })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::{collection::vec, prelude::*};

    prop_compose! {
        fn any_line()(
            schemes in vec("[a-z0-9_]{1,20}", 0..4),
            steps in vec((any::<u32>(), any::<u32>(), any::<prop::sample::Index>(), any::<u8>()), 0..60),
            open in vec(any::<u32>(), 0..4),
        ) -> Line {
            let step = |(seconds, decision, scheme, level): (u32, u32, prop::sample::Index, u8)| Step {
                second: epoch().timestamp() + i64::from(seconds),
                decision: decision.into(),
                scheme: scheme.index(schemes.len().max(1)),
                level: level.into(),
            };
            Line { steps: steps.into_iter().map(step).collect(), schemes, open: open.into_iter().map(i64::from).collect() }
        }
    }

    proptest! {
        #[test]
        fn a_line_is_read_as_it_was_packed(line in any_line()) {
            prop_assert_eq!(unpack(&pack(&line).unwrap(), &..).unwrap(), line);
        }

        #[test]
        fn a_line_cut_short_is_refused(line in any_line(), cut in 1..STEP) {
            let packed = pack(&line).unwrap();
            let cut = packed.len().saturating_sub(cut);
            prop_assert!(line.steps.is_empty() || unpack(&packed[..cut], &..).is_err());
        }

        #[test]
        fn whatever_is_read_nothing_panics(packed in vec(any::<u8>(), 0..200)) {
            if let Ok(line) = unpack(&packed, &..) {
                prop_assert_eq!(pack(&line).unwrap(), packed);
            }
        }
    }

    #[test]
    fn what_a_line_cannot_hold_is_refused() {
        let step = Step { second: epoch().timestamp(), decision: 1, scheme: 0, level: 1 };
        let with = |step| pack(&Line { schemes: vec!["qd_2686".into()], steps: vec![step], open: Vec::new() });
        assert!(with(step).is_ok());
        for wrong in [
            Step { second: step.second - 1, ..step },
            Step { second: step.second + (1 << 32), ..step },
            Step { decision: 1 << 32, ..step },
            Step { decision: -1, ..step },
            Step { scheme: 256, ..step },
            Step { level: 256, ..step },
        ] {
            assert!(with(wrong).is_err(), "{wrong:?}");
        }
        assert!(pack(&Line { schemes: vec!["a".repeat(256)], ..Line::default() }).is_err());
        assert!(pack(&Line { open: vec![1 << 32], ..Line::default() }).is_err());
    }
}
