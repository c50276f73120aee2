//! Schedules, who has reported, chasing, reminding, reviewing.

mod completeness;
