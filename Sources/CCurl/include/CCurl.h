// libcurl, with what Swift cannot import: its variadic setters and getters.
#ifndef QA_CCURL_H
#define QA_CCURL_H

#include <curl/curl.h>

_Pragma("clang assume_nonnull begin")

/// Sets an option that takes a whole number.
CURLcode qa_curl_set_long(CURL *handle, CURLoption option, long value);

/// Sets an option that takes a size in bytes.
CURLcode qa_curl_set_size(CURL *handle, CURLoption option, curl_off_t value);

/// Sets an option that takes a string, which libcurl copies.
CURLcode qa_curl_set_string(CURL *handle, CURLoption option, const char *_Nullable value);

/// Sets an option that takes a pointer, which has to outlive the transfer.
CURLcode qa_curl_set_pointer(CURL *handle, CURLoption option, void *_Nullable value);

/// Sets the request's headers; the list has to outlive the transfer.
CURLcode qa_curl_set_headers(CURL *handle, struct curl_slist *_Nullable headers);

typedef size_t (*qa_curl_bytes_function)(char *bytes, size_t size, size_t count,
                                         void *_Nullable context);
typedef int (*qa_curl_seek_function)(void *_Nullable context, curl_off_t offset, int origin);
typedef int (*qa_curl_connected_function)(void *_Nullable context, char *_Nullable peer,
                                          char *_Nullable local, int peer_port, int local_port);

/// The callbacks of one transfer; each gets the same context.
struct qa_curl_callbacks {
  /// Takes bytes of the body.
  qa_curl_bytes_function body;
  /// Takes one header line.
  qa_curl_bytes_function header;
  /// Gives bytes to upload.
  qa_curl_bytes_function upload;
  /// Goes back in the upload, when libcurl sends it again on a new connection.
  qa_curl_seek_function seek;
  /// Called when a connection stands and before the request is written.
  qa_curl_connected_function connected;
};

/// Sets all callbacks and their context.
CURLcode qa_curl_set_callbacks(CURL *handle, struct qa_curl_callbacks callbacks, void *context);

/// Sets an option of a multi handle that takes a whole number.
CURLMcode qa_curl_multi_set_long(CURLM *multi, CURLMoption option, long value);

/// Takes the next finished transfer; 0 when there is none.
int qa_curl_next_finished(CURLM *multi, CURL *_Nullable *_Nonnull handle, CURLcode *result);

/// How many connections the transfer made: 0 when it used one that stood.
long qa_curl_connection_count(CURL *handle);

_Pragma("clang assume_nonnull end")
#endif
