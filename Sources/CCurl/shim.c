#include "CCurl.h"

CURLcode qa_curl_set_long(CURL *handle, CURLoption option, long value) {
  return curl_easy_setopt(handle, option, value);
}

CURLcode qa_curl_set_size(CURL *handle, CURLoption option, curl_off_t value) {
  return curl_easy_setopt(handle, option, value);
}

CURLcode qa_curl_set_string(CURL *handle, CURLoption option, const char *value) {
  return curl_easy_setopt(handle, option, value);
}

CURLcode qa_curl_set_pointer(CURL *handle, CURLoption option, void *value) {
  return curl_easy_setopt(handle, option, value);
}

CURLcode qa_curl_set_headers(CURL *handle, struct curl_slist *headers) {
  return curl_easy_setopt(handle, CURLOPT_HTTPHEADER, headers);
}

CURLcode qa_curl_set_callbacks(CURL *handle, struct qa_curl_callbacks callbacks, void *context) {
  CURLcode result = curl_easy_setopt(handle, CURLOPT_WRITEFUNCTION, callbacks.body);
  if (!result) result = curl_easy_setopt(handle, CURLOPT_WRITEDATA, context);
  if (!result) result = curl_easy_setopt(handle, CURLOPT_HEADERFUNCTION, callbacks.header);
  if (!result) result = curl_easy_setopt(handle, CURLOPT_HEADERDATA, context);
  if (!result) result = curl_easy_setopt(handle, CURLOPT_READFUNCTION, callbacks.upload);
  if (!result) result = curl_easy_setopt(handle, CURLOPT_READDATA, context);
  if (!result) result = curl_easy_setopt(handle, CURLOPT_SEEKFUNCTION, callbacks.seek);
  if (!result) result = curl_easy_setopt(handle, CURLOPT_SEEKDATA, context);
  if (!result) result = curl_easy_setopt(handle, CURLOPT_PREREQFUNCTION, callbacks.connected);
  if (!result) result = curl_easy_setopt(handle, CURLOPT_PREREQDATA, context);
  return result;
}

CURLMcode qa_curl_multi_set_long(CURLM *multi, CURLMoption option, long value) {
  return curl_multi_setopt(multi, option, value);
}

int qa_curl_next_finished(CURLM *multi, CURL **handle, CURLcode *result) {
  int left = 0;
  for (CURLMsg *message; (message = curl_multi_info_read(multi, &left));) {
    if (message->msg != CURLMSG_DONE) continue;
    *handle = message->easy_handle;
    *result = message->data.result;
    return 1;
  }
  return 0;
}

long qa_curl_connection_count(CURL *handle) {
  long count = 0;
  curl_easy_getinfo(handle, CURLINFO_NUM_CONNECTS, &count);
  return count;
}
