//! The paths of members in the service's words.

/// Members of cards that are objects themselves; the service marks them as it marks those on the way.
const OBJECTS: [&str; 3] = ["base_info", "date_info", "sku"];

/// A path in the service's words: `base_info.title` is `m_data.base_info().title`, and `text_image_list[0].text` is
/// `m_data.text_image_list(0).text`.
pub(crate) fn data_path<'a>(members: impl IntoIterator<Item = &'a str>) -> String {
    let mut path = "m_data".to_owned();
    let mut members = members.into_iter().peekable();
    while let Some(member) = members.next() {
        let indexed = member.strip_suffix(']').and_then(|member| member.split_once('['));
        let (name, index) = indexed.unwrap_or((member, ""));
        path.push('.');
        path.push_str(name);
        if indexed.is_some() || members.peek().is_some() || OBJECTS.contains(&name) {
            path.push('(');
            path.push_str(index);
            path.push(')');
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_in_the_words_of_the_service() {
        let path = |path: &str| data_path(path.split('.'));
        assert_eq!(path("is_open"), "m_data.is_open");
        assert_eq!(path("base_info.title"), "m_data.base_info().title");
        assert_eq!(path("base_info.sku"), "m_data.base_info().sku()");
        assert_eq!(path("base_info.sku.quantity"), "m_data.base_info().sku().quantity");
        assert_eq!(
            path("advanced_info.text_image_list[2].text"),
            "m_data.advanced_info().text_image_list(2).text"
        );
        assert_eq!(path("code[3]"), "m_data.code(3)");
    }
}
