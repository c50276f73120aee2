//! Who may do what, on which units: the one rule every use case asks.

use serde::Serialize;

use super::{coded, unit::UnitId};

coded! {
    /// A role. It is always held on a unit and everything below it (requirements §5.3).
    pub enum Role {
        /// Ban Chỉ đạo: reads everything.
        Committee = "committee",
        /// Phòng Văn hóa và Thông tin: consolidates, never alters a unit's figures.
        Consolidator = "consolidator",
        /// Đầu mối của cơ quan hoặc xã: posts counts for the own unit and below.
        FocalPoint = "focal_point",
        /// Trung tâm Y tế: records zone decisions.
        HealthStaff = "health_staff",
        /// Quản trị: accounts; no counts.
        Administrator = "administrator",
    }
}

coded! {
    /// Something a person does to a unit.
    pub enum Deed {
        /// See its figures, zones and history.
        See = "see",
        /// Report its figures.
        Report = "report",
        /// Take in a file with its figures, as its office sent it.
        TakeFileIn = "take_file_in",
        /// Record its zone.
        DecideZone = "decide_zone",
        /// Mark where a nomination of a drive stands.
        MarkAward = "mark_award",
        /// Record its tracing figures; whoever may is also shown its small counts.
        RecordTracing = "record_tracing",
        /// See its tracing figures.
        SeeTracing = "see_tracing",
        /// Say what it finds difficult, and which document of its own it issued.
        RaiseDifficulty = "raise_difficulty",
        /// See what it finds difficult.
        SeeDifficulties = "see_difficulties",
        /// Consolidate its official report, issue it, and carry difficulties on.
        Consolidate = "consolidate",
        /// Read its official reports.
        ReadConsolidated = "read_consolidated",
        /// See who is late, and whom to call about it.
        SeeChase = "see_chase",
        /// Chase: remind, give more time, exempt, keep contacts.
        Chase = "chase",
        /// Accept a report or return it.
        Review = "review",
        /// Set when reports are asked for.
        SetSchedule = "set_schedule",
        /// Read the audit trail.
        ReadAudit = "read_audit",
        /// Make and close accounts.
        ManageAccounts = "manage_accounts",
    }
}

impl Role {
    /// Whether the role allows the deed at all.
    pub fn allows(self, deed: Deed) -> bool {
        match deed {
            Deed::See => true,
            Deed::Report | Deed::RaiseDifficulty => self == Self::FocalPoint,
            // Units → Phòng Văn hóa và Thông tin → UBND huyện (plan 1677, closing paragraph and §III.1).
            Deed::SeeDifficulties => matches!(self, Self::FocalPoint | Self::Consolidator | Self::Committee),
            Deed::ReadConsolidated => matches!(self, Self::Consolidator | Self::Committee),
            // The office that consolidates takes in the files it is sent; it types no unit's figures.
            Deed::TakeFileIn => matches!(self, Self::FocalPoint | Self::Consolidator),
            Deed::DecideZone | Deed::RecordTracing => self == Self::HealthStaff,
            // Sở Y tế leads proposing (plan 127 §V.3); the office that runs the drive keeps the list.
            Deed::MarkAward => matches!(self, Self::HealthStaff | Self::Consolidator),
            Deed::SeeTracing => matches!(self, Self::HealthStaff | Self::Committee | Self::Consolidator),
            // Plan 1677 §III.1: theo dõi, đôn đốc và tổng hợp báo cáo.
            Deed::Chase | Deed::Review | Deed::SetSchedule | Deed::Consolidate => self == Self::Consolidator,
            Deed::SeeChase => matches!(self, Self::Consolidator | Self::Committee),
            Deed::ReadAudit => matches!(self, Self::Consolidator | Self::Administrator | Self::Committee),
            Deed::ManageAccounts => self == Self::Administrator,
        }
    }
}

/// A role on a unit's subtree.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Grant {
    /// The role.
    pub role: Role,
    /// The top of the subtree.
    #[serde(skip)]
    pub unit: UnitId,
}

/// Who acts: read from the database at each request, so that a closed account stops at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// The account.
    pub account_id: i64,
    /// Sign-in name.
    pub username: String,
    /// Name shown in histories.
    pub display_name: String,
    /// What it holds, in the order granted.
    pub grants: Vec<Grant>,
}

impl Actor {
    /// Whether the actor may do `deed` to the unit whose line of ancestors, itself included, is `lineage`.
    /// The only place access is decided.
    pub fn may(&self, deed: Deed, lineage: &[UnitId]) -> bool {
        self.grants.iter().any(|grant| grant.role.allows(deed) && lineage.contains(&grant.unit))
    }

    /// The tops of the subtrees where the actor may do `deed`.
    pub fn scopes(&self, deed: Deed) -> impl Iterator<Item = UnitId> + '_ {
        self.grants.iter().filter(move |grant| grant.role.allows(deed)).map(|grant| grant.unit)
    }

    /// Whether the actor may do `deed` anywhere.
    pub fn may_somewhere(&self, deed: Deed) -> bool {
        self.scopes(deed).next().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nothing_outside_the_subtree_is_ever_allowed(
            role in prop::sample::select(Role::ALL), deed in prop::sample::select(Deed::ALL),
            granted in 1i64..6, lineage in prop::collection::vec(1i64..6, 0..5)
        ) {
            let actor = Actor {
                account_id: 1, username: "a".into(), display_name: "A".into(),
                grants: vec![Grant { role, unit: UnitId(granted) }],
            };
            let lineage: Vec<UnitId> = lineage.into_iter().map(UnitId).collect();
            let inside = lineage.contains(&UnitId(granted));
            prop_assert_eq!(actor.may(deed, &lineage), inside && role.allows(deed));
        }
    }

    #[test]
    fn only_a_focal_point_reports_and_only_health_staff_decide_zones() {
        let who = |deed: Deed| Role::ALL.iter().copied().filter(|r| r.allows(deed)).collect::<Vec<_>>();
        assert_eq!(who(Deed::Report), [Role::FocalPoint]);
        assert_eq!(who(Deed::TakeFileIn), [Role::Consolidator, Role::FocalPoint]);
        assert_eq!(who(Deed::DecideZone), [Role::HealthStaff]);
        assert_eq!(who(Deed::RecordTracing), [Role::HealthStaff]);
        assert_eq!(who(Deed::SeeTracing), [Role::Committee, Role::Consolidator, Role::HealthStaff]);
        for deed in [Deed::Chase, Deed::Review, Deed::SetSchedule] {
            assert_eq!(who(deed), [Role::Consolidator]);
        }
        assert_eq!(who(Deed::ManageAccounts), [Role::Administrator]);
    }

    #[test]
    fn units_say_what_is_difficult_and_only_the_consolidator_carries_it_on_and_issues() {
        let who = |deed: Deed| Role::ALL.iter().copied().filter(|r| r.allows(deed)).collect::<Vec<_>>();
        assert_eq!(who(Deed::RaiseDifficulty), [Role::FocalPoint]);
        assert_eq!(who(Deed::Consolidate), [Role::Consolidator]);
        assert_eq!(who(Deed::ReadConsolidated), [Role::Committee, Role::Consolidator]);
    }
}
