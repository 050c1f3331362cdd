//! Records that have the fields of their core type one by one: the record is written out, the conversions follow.
//!
//! Both conversions name every field and every variant, without `..` and without `_`.

/// A struct. `Record = Core { field: type of the record, ... }`.
macro_rules! same_struct {
    ($(#[$meta:meta])* $record:ident = $core:ident { $($(#[$field_meta:meta])* $field:ident: $kind:ty),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, ::serde::Serialize, ::serde::Deserialize)]
        pub(in crate::store) struct $record {
            $($(#[$field_meta])* $field: $kind),*
        }

        impl From<$core> for $record {
            fn from(core: $core) -> $record {
                let $core { $($field),* } = core;
                $record { $($field: $field.into()),* }
            }
        }

        impl From<$record> for $core {
            fn from(record: $record) -> $core {
                let $record { $($field),* } = record;
                $core { $($field: $field.into()),* }
            }
        }
    };
}

/// An enum, stored as a record whose field `is` names the variant.
macro_rules! same_enum {
    ($(#[$meta:meta])* $record:ident = $core:ident {
        $($(#[$variant_meta:meta])* $variant:ident { $($field:ident: $kind:ty),* $(,)? }),* $(,)?
    }) => {
        $(#[$meta])*
        #[derive(Debug, ::serde::Serialize, ::serde::Deserialize)]
        #[serde(tag = "is", rename_all = "snake_case")]
        pub(in crate::store) enum $record {
            $($(#[$variant_meta])* $variant { $($field: $kind),* }),*
        }

        impl From<$core> for $record {
            fn from(core: $core) -> $record {
                match core {
                    $($core::$variant { $($field),* } => $record::$variant { $($field: $field.into()),* }),*
                }
            }
        }

        impl From<$record> for $core {
            fn from(record: $record) -> $core {
                match record {
                    $($record::$variant { $($field),* } => $core::$variant { $($field: $field.into()),* }),*
                }
            }
        }
    };
}

/// An enum without fields, stored as its word.
macro_rules! same_word {
    ($(#[$meta:meta])* $record:ident = $core:ident { $($(#[$variant_meta:meta])* $variant:ident),* $(,)? }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, ::serde::Serialize, ::serde::Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub(in crate::store) enum $record {
            $($(#[$variant_meta])* $variant),*
        }

        impl From<$core> for $record {
            fn from(core: $core) -> $record {
                match core {
                    $($core::$variant => $record::$variant),*
                }
            }
        }

        impl From<$record> for $core {
            fn from(record: $record) -> $core {
                match record {
                    $($record::$variant => $core::$variant),*
                }
            }
        }
    };
}
