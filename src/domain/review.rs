//! What the office that consolidates says of a report (requirements §5.3): it never alters a figure.

use super::coded;

coded! {
    /// What is said of a report.
    pub enum Outcome {
        /// Tiếp nhận.
        Accepted = "accepted",
        /// Trả lại để sửa, with the reason: the report leaves the totals until the unit sends another.
        Returned = "returned",
    }
}
