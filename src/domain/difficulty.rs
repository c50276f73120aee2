//! Difficulties (khó khăn, vướng mắc): units say them, the consolidator gathers them and takes them up, the committee
//! resolves them (plan 1677, closing paragraph).

use super::coded;

coded! {
    /// What it is about.
    pub enum Matter {
        /// Thiết bị: no or old telephones, screens, loudspeakers.
        Equipment = "equipment",
        /// Mạng, sóng.
        Network = "network",
        /// Ứng dụng: the programs themselves.
        Application = "application",
        /// Nhân lực.
        People = "people",
        /// Kinh phí.
        Funding = "funding",
        /// Khác.
        Other = "other",
    }
}

coded! {
    /// Where it stands. Steps only go forward; some may be left out.
    pub enum DifficultyState {
        /// Đã tiếp nhận: the unit submitted it.
        Received = "received",
        /// Đã tổng hợp: the consolidator took it up.
        Consolidated = "consolidated",
        /// Đã trình: put before the People's Committee of the district.
        Escalated = "escalated",
        /// Đã giải quyết.
        Resolved = "resolved",
    }
}

impl DifficultyState {
    /// Whether this may come after `before`.
    ///
    /// ```
    /// use vungxanh::domain::difficulty::DifficultyState;
    /// assert!(DifficultyState::Resolved.may_follow(DifficultyState::Received));
    /// assert!(!DifficultyState::Consolidated.may_follow(DifficultyState::Escalated));
    /// ```
    pub fn may_follow(self, before: Self) -> bool {
        self > before
    }

    /// Whether the step needs a word about it: how it was resolved.
    pub fn needs_note(self) -> bool {
        self == Self::Resolved
    }
}

/// Longest text of a difficulty or of a note on a step, in characters.
pub const LONGEST: usize = 2000;
