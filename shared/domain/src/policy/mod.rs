//! Policies and their evaluation.
