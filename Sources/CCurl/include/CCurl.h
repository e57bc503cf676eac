#ifndef QA_CCURL_H
#define QA_CCURL_H
#endif
