#ifndef QA_CVNCSERVER_H
#define QA_CVNCSERVER_H
#endif
