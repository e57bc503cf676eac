#ifndef QA_CVNCCLIENT_H
#define QA_CVNCCLIENT_H
#endif
