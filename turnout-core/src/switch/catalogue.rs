//! Every feature and variable there is, with its preset and meaning (`flows.md` 13, 2026-11).
//!
//! Presets are what a new installation does by itself: it writes to its own voters what it promised them, and sends
//! nothing to anybody else.

use super::{Feature, Flag, Number, Preset, Text, Variable};

/// A feature is a module with its `FEATURE` and a constant for each variable.
macro_rules! features {
    ($(
        #[doc = $meaning:literal]
        mod $feature:ident: $preset:ident $(, by state: $in_state:ident)? {
            $(#[doc = $about:literal] $kind:ident $variable:ident $name:literal: $value:expr;)*
        }
    )*) => {
        $(
            #[doc = $meaning]
            pub mod $feature {
                use super::*;

                #[doc = $meaning]
                pub static FEATURE: Feature = Feature {
                    name: stringify!($feature),
                    meaning: $meaning.trim_ascii(),
                    preset: features!(@ $preset),
                    by_state: features!(@state $($in_state)?),
                    variables: &[$(&$variable.0),*],
                };

                $(
                    #[doc = $about]
                    pub static $variable: $kind = $kind(Variable {
                        feature: stringify!($feature),
                        name: $name,
                        meaning: $about.trim_ascii(),
                        preset: Preset::$kind($value),
                    });
                )*
            }
        )*

        /// All of them.
        pub static CATALOGUE: &[&Feature] = &[$(&$feature::FEATURE),*];
    };
    (@ on) => { true };
    (@ off) => { false };
    (@state) => { None };
    (@state $in_state:ident) => { Some(features!(@ $in_state)) };
}

features! {
    /// Signed ballot requests go to the election office by e-mail or fax, where the state takes them.
    mod vbm_esign: off, by state: off {}

    /// Voters of Missouri get a link to the form of MOVote that requests their ballot online.
    mod movote: off {}

    /// What a voter is written after using a tool.
    mod drip: on {
        /// The greeting and a text to who began and did not finish.
        Flag ACTION_UNFINISHED "action_unfinished": true;
        /// A mail and a text to who did not confirm that we mail the registration form.
        Flag REGISTER_CONFIRM_REMINDER "register_confirm_reminder": true;
        /// A mail and a text to who did not download the registration form.
        Flag REGISTER_DOWNLOAD_REMINDER "register_download_reminder": true;
        /// A mail and a text about what is next to who registered with the state online.
        Flag REGISTER_EXTERNAL "register_external": true;
        /// A mail and a text when the registration form is about to be delivered.
        Flag REGISTER_LOB_MAILED "register_lob_mailed": true;
        /// A mail and a text when the registration form came back.
        Flag REGISTER_LOB_RETURNED "register_lob_returned": true;
        /// A mail two weeks after the registration form was delivered: check your registration.
        Flag REGISTER_MAIL_CHASE "register_mail_chase": true;
        /// A mail and a text to who did not confirm that we mail the ballot request.
        Flag ABSENTEE_CONFIRM_REMINDER "absentee_confirm_reminder": true;
        /// A mail and a text to who did not download the ballot request.
        Flag ABSENTEE_DOWNLOAD_REMINDER "absentee_download_reminder": true;
        /// A mail and a text about what is next to who requested a ballot from the state online.
        Flag ABSENTEE_EXTERNAL "absentee_external": true;
        /// A mail and a text when the ballot request is about to be delivered.
        Flag ABSENTEE_LOB_MAILED "absentee_lob_mailed": true;
        /// A mail and a text when the ballot request came back.
        Flag ABSENTEE_LOB_RETURNED "absentee_lob_returned": true;
        /// A mail two weeks after the ballot request was delivered: where is your ballot.
        Flag ABSENTEE_MAIL_CHASE "absentee_mail_chase": true;
        /// A mail and two texts about what is next to who checked a registration at the state's tool.
        Flag VERIFY_EXTERNAL "verify_external": true;
    }

    /// Answers to texts that voters send us.
    mod smsbot: on {
        /// The answer to STOP; none unless set, as the carrier answers it too.
        Text STOP "stop": None;
        /// The answer to HELP, in place of our own words.
        Text HELP "help": None;
        /// The answer to JOIN, in place of our own words.
        Text JOIN_SUCCESS "join_success": None;
        /// The answer to JOIN when it failed, in place of our own words.
        Text JOIN_FAIL "join_fail": None;
        /// The answer to anything else, in place of our own words.
        Text AUTOREPLY "autoreply": None;
        /// The same to who has opted out, in place of our own words.
        Text AUTOREPLY_OPTED_OUT "autoreply_opted_out": None;
        /// The first text to who opts in by the API, in place of our own words.
        Text AUTOREPLY_JOINED "autoreply_joined": None;
        /// For how many minutes the same answer is not repeated; SMS_AUTOREPLY_THROTTLE_MINUTES unless set.
        Number AUTOREPLY_THROTTLE_MINUTES "autoreply_throttle_minutes": None;
        /// How many seconds before the last opt-out a poll begins.
        Number POLL_SLOP_SECONDS "poll_slop_seconds": Some(60);
        /// How many seconds a poll looks back at the most; SMS_OPTOUT_POLL_MAX unless set.
        Number POLL_MAX_SECONDS "poll_max_seconds": None;
        /// Texts are polled for, where SMS_OPTOUT_POLL asks for it.
        Flag POLL "poll": true;
    }

    /// Who reports a polling place is told the region of the address.
    mod locator_region: on, by state: on {}

    /// Maps to polling places are made of the places of our own locator.
    mod locate_use_dnc_data: off, by state: off {}

    /// Voter rolls are asked about who used a tool, where a roll is configured.
    mod voter_action_check: on {
        /// How many actions that no roll was asked about yet are checked at each run; 0 is none.
        Number MAX_CHECK "max_check": Some(0);
        /// How many actions without a match are checked again at each run; 0 is none.
        Number MAX_RECHECK "max_recheck": Some(0);
        /// After how many days an action without a match is checked again.
        Number RECHECK_INTERVAL_DAYS "recheck_internal_days": Some(7);
        /// For how many days after it was made an action is checked again.
        Number RECHECK_MAX_DAYS "recheck_max_days": Some(90);
    }

    /// Rolls of states are asked too, where the program around us brings one.
    mod voter_state_api: off, by state: off {}

    /// What is done with leads about people who moved.
    mod movers: off {
        /// Leads are fetched.
        Flag PULL_MOVERS "pull_movers": true;
        /// Their addresses are matched to regions.
        Flag GEOCODE "geocode": true;
        /// They are passed on to ActionNetwork.
        Flag PUSH_TO_ACTIONNETWORK "push_to_actionnetwork": true;
        /// Blank registration forms are mailed to those who moved to another state.
        Flag BLANK_FORMS "blank_forms": false;
        /// The same to those who moved within or to Texas.
        Flag BLANK_FORMS_TX "blank_forms_tx": false;
    }
}

/// Names of the Django service that do nothing here, with the reason; `*` stands for any letters. A value for one is
/// taken and has no effect.
pub static IDLE: &[(&str, &str)] = &[
    ("drip.register_unfinished", "drip.action_unfinished decides for every tool"),
    ("drip.absentee_unfinished", "drip.action_unfinished decides for every tool"),
    ("voter_action_check.check_async", "checks are always jobs"),
    ("voter_action_check.recheck_async", "checks are always jobs"),
    ("voter_action_check.max_check_minutes", "a run only enqueues jobs, and needs no end"),
    ("voter_action_check.max_recheck_any_minutes", "a run only enqueues jobs, and needs no end"),
    ("movers.*_async", "leads are always worked on by jobs"),
    ("movers.*_max_minutes", "a run only enqueues jobs, and needs no end"),
];

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::switch::SwitchName;

    #[test]
    fn every_switch_has_its_own_name_and_a_meaning() {
        let names: Vec<String> = SwitchName::all().map(|name| name.to_string()).collect();
        let distinct: BTreeSet<&String> = names.iter().collect();
        assert_eq!(distinct.len(), names.len());
        let idle =
            |(name, reason): &(&str, &str)| !distinct.contains(&(*name).to_owned()) && !reason.is_empty();
        assert!(IDLE.iter().all(idle));
        for name in SwitchName::all() {
            let meaning = name.meaning();
            assert!(meaning.ends_with('.') && !meaning.starts_with(' '), "{name}: {meaning:?}");
        }
    }

    #[test]
    fn no_name_can_be_taken_for_a_state_or_the_feature_itself() {
        for feature in CATALOGUE {
            for variable in feature.variables {
                assert_ne!(variable.name, "on", "{}", feature.name);
                assert_eq!(variable.name, variable.name.to_ascii_lowercase(), "{}", feature.name);
            }
        }
    }
}
