use super::*;

const CHO_MOI: &str = include_str!("../../../seed/plans/cho-moi-1677.toml");

fn cho_moi() -> Plan {
    toml::from_str::<Plan>(CHO_MOI).unwrap().checked().unwrap()
}

#[test]
fn plan_1677_asks_each_clause_for_its_own_staff() {
    // Requirements §1.5.1: no viên chức in III.1, III.2, III.4 and III.8; no contract workers in III.8.
    let plan = cho_moi();
    let asked: Vec<(&str, Directive, &str)> = plan
        .clauses
        .iter()
        .map(|clause| {
            let staff = &clause.asks[0];
            assert_eq!(staff.target, Some(100), "{}", clause.section);
            let profile = plan.cohort(&staff.cohort).and_then(|cohort| cohort.profile.as_deref());
            (clause.section.as_str(), clause.directive, profile.unwrap())
        })
        .collect();
    let (order, request) = (Directive::Order, Directive::Request);
    assert_eq!(
        asked,
        [
            ("III.1", order, "A"),
            ("III.2", order, "A"),
            ("III.3", order, "B"),
            ("III.4", order, "A"),
            ("III.5", order, "B"),
            ("III.6", order, "B"),
            ("III.7", request, "C"),
            ("III.8", order, "D"),
        ]
    );
    let classes = |code: &str| plan.cohort(code).unwrap().classes.join(" ");
    assert_eq!(classes("staff_a"), "can_bo cong_chuc nguoi_lao_dong");
    assert_eq!(classes("staff_b"), "can_bo cong_chuc vien_chuc nguoi_lao_dong");
    assert_eq!(classes("members_c"), "doan_vien hoi_vien");
    assert_eq!(classes("staff_d"), "can_bo cong_chuc khong_chuyen_trach doan_vien hoi_vien");
}

#[test]
fn plan_1677_sets_no_percentage_for_residents_and_relatives() {
    let plan = cho_moi();
    for cohort in ["residents", "households", "relatives", "neighbours", "pupils"] {
        let targets: Vec<_> = plan.clauses.iter().filter_map(|clause| plan.target(&clause.section, cohort)).collect();
        assert!(targets.is_empty(), "{cohort}");
    }
}

#[test]
fn plan_1677_is_decided_by_bluezone_installed_and_ncovi_declared() {
    let plan = cho_moi();
    for code in ["staff_a", "staff_b", "staff_c", "members_c", "staff_d"] {
        let fields = plan.fields(plan.cohort(code).unwrap());
        let decisive: Vec<&str> = fields.iter().filter(|f| f.decisive).map(|f| f.measure.as_str()).collect();
        assert_eq!(decisive, ["bluezone_installed", "ncovi_declared"], "{code}");
    }
}

#[test]
fn the_general_plan_counts_the_measures_of_plan_1677_for_every_kind_of_unit_and_asks_no_percentage() {
    let general: Plan = toml::from_str(include_str!("../../../seed/plans/theo-doi-chung.toml")).unwrap();
    let (plan, cho_moi) = (general.checked().unwrap(), cho_moi());
    assert_eq!(plan.area, None);
    assert_eq!(plan.starts_on.to_string(), "2020-01-01");
    assert!(plan.is_nested() && !cho_moi.is_nested());
    assert!(plan.measures.iter().all(|measure| cho_moi.measure(&measure.code) == Some(measure)));
    assert!(plan.clauses.iter().all(|clause| clause.asks.iter().all(|asked| asked.target.is_none())));
    let staff = plan.clauses.iter().find(|clause| clause.asks.iter().any(|asked| asked.cohort == "staff")).unwrap();
    assert!(UnitKind::ALL.iter().all(|kind| staff.kinds.contains(kind)));
}

#[test]
fn a_name_that_leads_nowhere_is_refused() {
    for (from, to) in [
        (r#"cohort = "pupils""#, r#"cohort = "pupil""#),
        (r#"form = "staff""#, r#"form = "stuff""#),
        (r#"of = "population""#, r#"of = "people""#),
    ] {
        let text = CHO_MOI.replacen(from, to, 1);
        assert_ne!(text, CHO_MOI, "{from}");
        assert!(toml::from_str::<Plan>(&text).unwrap().checked().is_err(), "{to}");
    }
}
