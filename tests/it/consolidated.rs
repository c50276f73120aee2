//! The consolidated report: what goes into it, how it is issued, what its files say.

mod difficulties;
