//! Units: one tree of places and of the agencies that hang under the place they serve.

use serde::Serialize;

use super::coded;

/// A unit's identity in the database.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
pub struct UnitId(pub i64);

coded! {
    /// What a unit is. The first four are places, the rest are agencies (requirements §2, §4.1).
    pub enum UnitKind {
        /// tỉnh, thành phố trực thuộc trung ương
        Province = "province",
        /// huyện, thị xã, thành phố thuộc tỉnh
        District = "district",
        /// xã, phường, thị trấn
        Commune = "commune",
        /// ấp, khóm, thôn, bản, tổ dân phố
        Hamlet = "hamlet",
        /// phòng và văn phòng cấp huyện
        DistrictOffice = "district_office",
        /// cơ quan Đảng
        PartyBody = "party_body",
        /// Mặt trận, đoàn thể
        FrontMassOrg = "front_mass_org",
        /// đơn vị sự nghiệp
        PublicServiceUnit = "public_service_unit",
        /// trường học
        School = "school",
        /// cơ sở y tế
        HealthFacility = "health_facility",
        /// UBND xã, thị trấn
        CommuneCommittee = "commune_committee",
    }
}

impl UnitKind {
    /// Whether it is a place rather than an agency.
    pub fn is_place(self) -> bool {
        matches!(self, Self::Province | Self::District | Self::Commune | Self::Hamlet)
    }

    /// Whether every report of a large area passes through its roll-up rows (see `store::tallies`).
    pub fn is_upper_level(self) -> bool {
        matches!(self, Self::Province | Self::District)
    }
}

/// A place or an agency.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unit {
    /// Identity in the database.
    #[serde(skip)]
    pub id: UnitId,
    /// Official code (a GSO code for places); text, because of leading zeros.
    pub code: String,
    /// What it is.
    pub kind: UnitKind,
    /// Name without the kind: "Kiến An".
    pub name: String,
    /// Name as it is shown: "Xã Kiến An".
    pub full_name: String,
    /// A class of bodies the plan names only as a group: a heading, never a reporting unit (requirements §2.1).
    pub is_class: bool,
}
