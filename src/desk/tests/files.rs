use super::*;
use crate::model::ids::FileId;

fn png() -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::RgbaImage::new(1, 1).write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    bytes.into_inner()
}

async fn upload(house: &House, viewer: &Viewer, chat: ChatId, name: &str, bytes: &[u8]) -> Result<FileId, ApiError> {
    let file = house.desk.open_upload(viewer, chat, name, bytes.len() as u64).await?;
    let (expected, _turn) = house.desk.expected_upload(viewer, file).await?;
    house.desk.receive_upload(expected, bytes.to_vec()).await.map(|attachment| attachment.id)
}

fn with_file(file: FileId) -> Command {
    Command::Send { text: RichText::default(), attachments: vec![file] }
}

async fn read(house: &House, url: &str) -> Result<String, ApiError> {
    let (path, query) = url.split_once('?').unwrap();
    let file = FileId(path.strip_prefix("/files/").unwrap().parse().unwrap());
    let value = |name: &str| {
        query.split('&').find_map(|pair| pair.strip_prefix(name)?.strip_prefix('=')).unwrap_or_default().to_owned()
    };
    let until = value("until").parse().unwrap();
    let found = house.desk.download(file, until, value("save") == "1", &value("signature"), None).await?;
    Ok(found.kind.mime.to_owned())
}

#[tokio::test]
async fn a_file_goes_from_its_uploader_to_the_parties_of_the_chat_and_to_nobody_else() {
    let house = house().await;
    let (ada, eve) = (house.visitor(1).await, house.visitor(2).await);
    let (hers, others) = (house.chat(ada, "").await, house.chat(eve, "").await);
    let (ada_viewer, eve_viewer) = (Viewer::Visitor(ada), Viewer::Visitor(eve));
    let agent = Viewer::Agent(house.agent("g@example.com").await);
    let file = upload(&house, &ada_viewer, hers, "../lamp.png", &png()).await.unwrap();

    // Until it is sent it is hers alone.
    assert_eq!(house.desk.file_links(&agent, hers, &[file]).await.unwrap(), []);
    let none = house.desk.visitor_command(eve, Connection::default(), Some(others), id(), with_file(file)).await;
    assert_eq!(none, Err(Refusal::UnknownFile.into()), "another's file in another's chat");
    house.desk.visitor_command(ada, Connection::default(), Some(hers), id(), with_file(file)).await.unwrap();

    let links = house.desk.file_links(&agent, hers, &[file]).await.unwrap();
    assert_eq!(read(&house, &links[0].url).await.unwrap(), "image/png");
    assert_eq!(house.desk.file_links(&eve_viewer, hers, &[file]).await, Err(ApiError::NoSuchChat));
    assert_eq!(house.desk.file_links(&eve_viewer, others, &[file]).await.unwrap(), [], "by way of her own chat");
    let twisted = links[0].url.replace("save=0", "save=1");
    assert!(read(&house, &twisted).await.is_err(), "a link is for what it was signed for");
    let log = house.desk.store().events(hers, Audience::Visitor, 0, 100).await.unwrap();
    let sent = log.iter().find_map(|event| match &event.body {
        EventBody::Message { attachments, .. } => attachments.first(),
        _ => None,
    });
    let sent = sent.unwrap();
    assert_eq!((sent.name.as_str(), sent.width, sent.height), ("lamp.png", Some(1), Some(1)));
}

#[tokio::test]
async fn a_file_is_sent_once_and_only_into_its_own_chat() {
    let house = house().await;
    let ada = house.visitor(1).await;
    let chat = house.chat(ada, "").await;
    let file = upload(&house, &Viewer::Visitor(ada), chat, "a.png", &png()).await.unwrap();
    let command = id();
    for _ in 0..2 {
        house.desk.visitor_command(ada, Connection::default(), Some(chat), command, with_file(file)).await.unwrap();
    }
    let again = house.desk.visitor_command(ada, Connection::default(), Some(chat), id(), with_file(file)).await;
    assert_eq!(again, Err(Refusal::UnknownFile.into()));
    let unfinished = house.desk.open_upload(&Viewer::Visitor(ada), chat, "b.png", 10).await.unwrap();
    let early = house.desk.visitor_command(ada, Connection::default(), Some(chat), id(), with_file(unfinished)).await;
    assert_eq!(early, Err(Refusal::UnknownFile.into()), "its bytes are not here yet");
}

#[tokio::test]
async fn what_may_not_be_sent_is_refused_with_a_sentence() {
    let house = house().await;
    let ada = house.visitor(1).await;
    let viewer = Viewer::Visitor(ada);
    let chat = house.chat(ada, "").await;
    let not_allowed = |name: &str| Refusal::FileTypeNotAllowed { name: name.into() };
    for (name, bytes, why) in [
        ("page.html", b"<script>alert(1)</script>".as_slice(), not_allowed("page.html")),
        ("run.exe", b"MZ\x90\0\x03", not_allowed("run.exe")),
        ("a.png", b"\x89PNG\r\n\x1a\nnot one", Refusal::BrokenPicture),
    ] {
        assert_eq!(upload(&house, &viewer, chat, name, bytes).await, Err(why.into()), "{name}");
    }
    let large = house.desk.open_upload(&viewer, chat, "large.png", 20_000_001).await;
    assert_eq!(large, Err(Refusal::FileTooLarge { max: 20_000_000 }.into()));
    // Fewer bytes than announced.
    let file = house.desk.open_upload(&viewer, chat, "a.txt", 100).await.unwrap();
    let (expected, turn) = house.desk.expected_upload(&viewer, file).await.unwrap();
    let twice = house.desk.expected_upload(&viewer, file).await.err();
    assert!(matches!(twice, Some(ApiError::TooMany { .. })), "the same file from two sides");
    assert!(house.desk.receive_upload(expected, b"short".to_vec()).await.is_err());
    drop(turn);
    // Another's upload.
    let eve = Viewer::Visitor(house.visitor(2).await);
    assert_eq!(house.desk.expected_upload(&eve, file).await.err(), Some(ApiError::NoSuchFile));
    // An agent who has not accepted, and an ended chat.
    let agent = Viewer::Agent(house.agent("g@example.com").await);
    assert_eq!(house.desk.open_upload(&agent, chat, "a.txt", 1).await.err(), Some(Refusal::NotAccepted.into()));
    house.desk.visitor_command(ada, Connection::default(), Some(chat), id(), Command::End).await.unwrap();
    assert_eq!(house.desk.open_upload(&viewer, chat, "a.txt", 1).await.err(), Some(Refusal::ChatEnded.into()));
}

#[tokio::test]
async fn bytes_that_come_again_after_a_lost_answer_are_answered_as_the_first_time() {
    let house = house().await;
    let ada = house.visitor(1).await;
    let viewer = Viewer::Visitor(ada);
    let chat = house.chat(ada, "").await;
    let mut with_rest = png();
    with_rest.extend_from_slice(b"<script>alert(1)</script>");
    let file = upload(&house, &viewer, chat, "a.png", &with_rest).await.unwrap();
    let (stored, _turn) = house.desk.expected_upload(&viewer, file).await.unwrap();
    assert!(stored.size < with_rest.len() as u64, "what stands behind the picture is gone");
    let again = house.desk.receive_upload(stored, with_rest).await.unwrap();
    assert_eq!(again.id, file);
}
