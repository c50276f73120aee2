//! Between the preview of a file and its commit others write, and other people may commit it.

use vungxanh::{
    domain::actor::Role,
    usecases::{UseCaseError, import_counts, verify::verify},
};

use super::committing::{Desk, csv, file, write};
use crate::harness::{NOW, TestDatabase, database_tests, instant, plan, reporting::actor};

fn what_is_recorded_after_the_preview_is_weighed_before_the_commit(database: &TestDatabase) {
    let store = database.store();
    let desk = Desk::new(&store, actor(&store, Role::FocalPoint, "893"), plan(&store));
    let given = file("a.csv", csv(&[(0, 2, [20, 18, 9, 9])]).into_bytes(), "staff", "893", None);
    let read = desk.read(&given);
    // Others record in the same commit, and in one before.
    let (of_desk, of_given, of_read) = (desk.clone(), given.clone(), read.clone());
    let report = write(&store, move |conn| {
        let preview =
            import_counts::preview(conn, &of_desk.who, &of_desk.plan, &of_given, &of_read, None, instant(NOW))?;
        assert_eq!((preview.report().counts.accepted, preview.report().changed), (1, vec![]));
        of_desk.post(conn, &(0, 5, [20, 18, 8, 8]))?;
        import_counts::commit(conn, &of_desk.who, &of_desk.plan, &of_given, &of_read, &preview, "")
    });
    assert_eq!(report.unwrap().changed, [2], "the figures of three days before were not seen");
    let preview: Result<_, UseCaseError> =
        store.read_now(|conn| import_counts::preview(conn, &desk.who, &desk.plan, &given, &read, None, instant(NOW)));
    let preview = preview.unwrap();
    assert_eq!(preview.report().unchanged, [2]);
    let of_desk = desk.clone();
    write(&store, move |conn| of_desk.post(conn, &(0, 2, [20, 18, 10, 10]))).unwrap();
    let report = write(&store, move |conn| {
        import_counts::commit(conn, &desk.who, &desk.plan, &given, &read, &preview, "như đã gửi")
    });
    assert_eq!(report.unwrap().changed, [2], "the figures of the same day were not seen");
    assert!(store.read_now(verify).unwrap().difference.is_none());
}

fn a_preview_gives_no_rights_to_who_commits_it(database: &TestDatabase) {
    let store = database.store();
    let desk = Desk::new(&store, actor(&store, Role::FocalPoint, "893"), plan(&store));
    let given = file("a.csv", csv(&[(0, 2, [20, 18, 9, 9])]).into_bytes(), "staff", "893", None);
    let (read, other) = (desk.read(&given), actor(&store, Role::FocalPoint, "30634"));
    let report = write(&store, move |conn| {
        let preview = import_counts::preview(conn, &desk.who, &desk.plan, &given, &read, None, instant(NOW))?;
        import_counts::commit(conn, &other, &desk.plan, &given, &read, &preview, "")
    });
    let counts = report.unwrap().counts;
    assert_eq!((counts.accepted, counts.refused), (0, 1));
}

database_tests!(
    what_is_recorded_after_the_preview_is_weighed_before_the_commit,
    a_preview_gives_no_rights_to_who_commits_it,
);
