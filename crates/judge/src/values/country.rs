//! Countries and nationalities.

/// True for an ICAO or ISO three-letter code.
pub fn is_country_code(_code: &str) -> bool {
    false
}

/// Whether nationals of `code` are EU, EEA or Swiss citizens; `None` for a code that is no country.
pub fn is_eea_or_swiss(_code: &str) -> Option<bool> {
    None
}

/// The ICAO code of the nationality named in a folded text.
pub fn nationality_from_words(_text: &str) -> Option<&'static str> {
    None
}
