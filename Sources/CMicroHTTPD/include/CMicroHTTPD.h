#ifndef QA_CMICROHTTPD_H
#define QA_CMICROHTTPD_H
#endif
