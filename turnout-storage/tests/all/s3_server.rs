//! A server that speaks S3, in this process, on a folder that goes with it.

use std::{net::SocketAddr, sync::Arc};

use async_trait::async_trait;
use hyper_util::{
    rt::{TokioExecutor, TokioIo},
    server::conn::auto::Builder,
};
use s3s::{
    S3, S3Request, S3Response, S3Result,
    access::{S3Access, S3AccessContext},
    auth::SimpleAuth,
    dto::{
        AbortMultipartUploadInput, AbortMultipartUploadOutput, CompleteMultipartUploadInput,
        CompleteMultipartUploadOutput, CreateMultipartUploadInput, CreateMultipartUploadOutput,
        DeleteObjectInput, DeleteObjectOutput, DeleteObjectsInput, DeleteObjectsOutput, GetObjectInput,
        GetObjectOutput, HeadObjectInput, HeadObjectOutput, PutObjectInput, PutObjectOutput, UploadPartInput,
        UploadPartOutput,
    },
    s3_error,
    service::S3ServiceBuilder,
};
use s3s_fs::FileSystem;
use tokio::{net::TcpListener, task::JoinSet};
use turnout_storage::files::{S3 as Connection, S3Options};
use url::Url;

/// Whoever has these may do everything.
pub(crate) const ID: &str = "AKIATURNOUT";
pub(crate) const SECRET: &str = "a/secret+of=S3";
/// Nobody reads it without a signature.
pub(crate) const PRIVATE: &str = "turnout-private";
/// Everybody reads it.
pub(crate) const PUBLIC: &str = "turnout-public";

/// Runs until it is dropped.
pub(crate) struct S3Server {
    pub(crate) address: SocketAddr,
    _folder: tempfile::TempDir,
    _connections: JoinSet<()>,
}

impl S3Server {
    pub(crate) async fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for bucket in [PRIVATE, PUBLIC] {
            std::fs::create_dir(folder.path().join(bucket)).unwrap();
        }
        let mut service = S3ServiceBuilder::new(PlainNames(FileSystem::new(folder.path()).unwrap()));
        service.set_auth(SimpleAuth::from_single(ID, SECRET));
        service.set_access(Policy);
        let service = service.build();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let mut connections = JoinSet::new();
        connections.spawn(async move {
            let builder = Arc::new(Builder::new(TokioExecutor::new()));
            let mut open = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (builder, service) = (Arc::clone(&builder), service.clone());
                open.spawn(async move {
                    let _ = builder.serve_connection(TokioIo::new(stream), service).await;
                });
            }
        });
        Self { address, _folder: folder, _connections: connections }
    }

    pub(crate) fn endpoint(&self) -> Url {
        format!("http://{}", self.address).parse().unwrap()
    }

    pub(crate) async fn connect(&self) -> Connection {
        self.connect_as(ID, SECRET).await
    }

    pub(crate) async fn connect_as(&self, id: &str, secret: &str) -> Connection {
        let options = S3Options::new("us-west-2").with_keys(id, secret).with_endpoint(self.endpoint());
        Connection::new(options).await
    }
}

/// What the policies of the buckets say.
struct Policy;

#[async_trait]
impl S3Access for Policy {
    async fn check(&self, context: &mut S3AccessContext<'_>) -> S3Result<()> {
        let reads = matches!(context.s3_op().name(), "GetObject" | "HeadObject");
        let is_public = context.s3_path().get_bucket_name() == Some(PUBLIC);
        if context.credentials().is_some() || (reads && is_public) {
            Ok(())
        } else {
            Err(s3_error!(AccessDenied, "a signature is needed"))
        }
    }
}

/// Objects in a folder. s3s-fs makes file and folder names of a key; it cannot do so with a long one, nor with two of
/// which one begins the other. S3 can.
#[derive(Debug)]
struct PlainNames(FileSystem);

fn plain(key: &mut String) {
    *key = key.replace('/', "+");
    if key.len() > 100 {
        *key = format!("{}-{}", &key[..90], key.len());
    }
}

#[async_trait]
impl S3 for PlainNames {
    async fn put_object(&self, mut it: S3Request<PutObjectInput>) -> S3Result<S3Response<PutObjectOutput>> {
        plain(&mut it.input.key);
        self.0.put_object(it).await
    }

    async fn create_multipart_upload(
        &self,
        mut it: S3Request<CreateMultipartUploadInput>,
    ) -> S3Result<S3Response<CreateMultipartUploadOutput>> {
        plain(&mut it.input.key);
        self.0.create_multipart_upload(it).await
    }

    async fn upload_part(
        &self,
        mut it: S3Request<UploadPartInput>,
    ) -> S3Result<S3Response<UploadPartOutput>> {
        plain(&mut it.input.key);
        self.0.upload_part(it).await
    }

    async fn complete_multipart_upload(
        &self,
        mut it: S3Request<CompleteMultipartUploadInput>,
    ) -> S3Result<S3Response<CompleteMultipartUploadOutput>> {
        plain(&mut it.input.key);
        self.0.complete_multipart_upload(it).await
    }

    async fn abort_multipart_upload(
        &self,
        mut it: S3Request<AbortMultipartUploadInput>,
    ) -> S3Result<S3Response<AbortMultipartUploadOutput>> {
        plain(&mut it.input.key);
        self.0.abort_multipart_upload(it).await
    }

    async fn get_object(&self, mut it: S3Request<GetObjectInput>) -> S3Result<S3Response<GetObjectOutput>> {
        plain(&mut it.input.key);
        self.0.get_object(it).await
    }

    async fn head_object(
        &self,
        mut it: S3Request<HeadObjectInput>,
    ) -> S3Result<S3Response<HeadObjectOutput>> {
        plain(&mut it.input.key);
        self.0.head_object(it).await
    }

    async fn delete_object(
        &self,
        mut it: S3Request<DeleteObjectInput>,
    ) -> S3Result<S3Response<DeleteObjectOutput>> {
        plain(&mut it.input.key);
        self.0.delete_object(it).await
    }

    /// S3 takes a thousand at once.
    async fn delete_objects(
        &self,
        mut it: S3Request<DeleteObjectsInput>,
    ) -> S3Result<S3Response<DeleteObjectsOutput>> {
        if it.input.delete.objects.len() > 1_000 {
            return Err(s3_error!(MalformedXML, "too many objects"));
        }
        for object in &mut it.input.delete.objects {
            plain(&mut object.key);
        }
        self.0.delete_objects(it).await
    }
}
