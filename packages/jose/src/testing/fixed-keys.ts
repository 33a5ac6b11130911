/**
 * Key pairs that are made already: an RSA pair takes a second to make, and a test suite wants its key IDs to stay. They are
 * published with this package, so that a token of theirs proves nothing. One after the other: the first, the one that it is
 * rotated to, and the attacker's.
 */
import type { Jwk } from '../jwk/jwk.ts'

export const rsaKeys: readonly Jwk[] = [
  {
    kty: 'RSA',
    n: 'uupVvCYfH3UOYQ6pjZkQcXx_00TQpS2_5XaVYXycGqkCw-Q-If_ICvGEwAcbyHmt7g9Ra8U7B9ur7Q-HqSsEaht1YzS5KDl6IKHRIoz74l-4BJTkN76fbsaMZP1XQ_OY6rmBQvDPa4JxGmZSaHaQizU1kdT-yrm5VXxl9CCev9D8oBAgKZQa6aQC59KbRWuNMxdpiSrrH3ErnBIO_oVv809uZI60qxqsyyMPx1Lr-jqzIZBBH8LfRIO6cije8U4n5DvsVbTmHwuSLnKtyyqRlTiPRZmJxgXx5MFcJD2yh5o7yNZgUfKFp_Eig8_EQWZBQK995Oe-PUBqPaJwTyCeKQ',
    e: 'AQAB',
    d: 'EAhRXAr7jK3UUsoojDkatldG2hLrIB3zWa3xHHxtIeLJFk8lrrIjQSAMAlIhxZF9VB_7fIZdfLwwjCwSt3WVgnnyONURBDSg53tlxkRIRzetX7Q7OpZW09BDQtbRpUYX4dtRTXH9IqQ8yhZIf4Ya-hvRaV23EKG7VkwuLRFeuIZhl6NhcHFOmxuN1Y5Fa29WzXtiUL73PZh9xL_4hraMrILjuoZU4Yt7ssiRIrcl8DEKwIvFFoQhUi4v2UtInclWwIIFVoio3TkYBzhDUPyWfl84zpgzLCkNZt9-rl84fK91obvFP5RAXD12rDcUVkY8-2nJf0lUWlp-xdpX0BtKEQ',
    p: '4ZIN4DomoCSlFEmwRprwz9r3R7K-DTmLj5rZ-Sxv9aYOxhRk1xTfWLbMbZ2bXTZb4BgIltT8xjGC4KpWDoc5jCnPxnX2og4xgR-2DIjrcwc8wlXU2jb59e2wemqJRbOWApODt2P1uqQCq2jYupaovLvO5rPV-wHw6yzJMgnHBRE',
    q: '1CFY_r8XojM2qjYARIBGQTtbs9_OH-9BnO1nXc5YnAnt82VsKOHaKCNJT5RdlG5KFgpR-Pv-9-O57QFUUXStJ9z5qRoe2beVQrjkJWCaiAXAObflQgAf-rdUweA8imNi0EqWy4BvKMWsoQ0ks3oWmaYMBe_hYvk8_WKIEjrZJ5k',
    dp: '3XbgWL2_Hovb58dRYoDM3cZF8gbzwVg2RY_rYlDWu3-GEcQEHYdIoXkXzKdo2mN8YNA33p7Obmg97wZN54WsYojKjjdTJlh5EiVoP3ZOdGkupj5O9M_1KhdrpUTj8aMYLP9X2r4xjEVquY_--XLhyCs8QBVgiUimmL8n6hDfbYE',
    dq: 'AvisnHTkydrZyyySeGMrmMJSGITsCDp7us0Ag6neR-FDugMTrsbrHWDRKBI19VxOIVznpQsymRpRgmZgXfu6aTKJNLsu73HI33Rjjbp6r6kU9joDNhd2WzayMz0G3BFkUvKYhiU4aWPLdT4P44u0QVa4GGUxzQccuZflvAui-xE',
    qi: 'ZQamnY6VjJNZy6tGgCAXFyObQ9Te9C9wfUlLpqzoy835Gs_cNlSYRjgz3dL3JV6GQD57lfAm-J4jmhGxKvUewxYDn3gclJhzwGGjQEZYTmG_Jy66FeZ-2vFiP2jB4YYeWbp87H43qcgJeIiO0F1DIKEF04L2LaKpHTAxmdRvoaI',
  },
  {
    kty: 'RSA',
    n: '5YkD2v6o9M2qEYgU0RI444F3N6Do9WipIkDP636illGCqVjc93Vz_JN5F2Rj_hDH9MfsscDfhtqUdN-8jO_cL7IAG280486aNCFYSMfSyuQWMNo02GTnjwwQCq6uUTcia3tK1RZ_DB5f4Xz3tp-Bs1uLzzBbvYDzg-oTUwEcdM-AhaV8SRjhmVfFZSOVMi8PTUCTuo4LBco6Cq01i96RKf1MAmfJZ3gfGlId25qNC0GWCz-EXALb052mP5k92dGEhO7vWI7K36wziSDKS21ms8rmO0lgNJ23-XtaS-FvN9bbS_SNOX-tltgUlu5N7EylOSR-zla9GKtdmqCtWEWEHQ',
    e: 'AQAB',
    d: 'ARdWmudcHY8CIh0aPwf95SQtd6iungbX5P29yOVCqxteMMvNsxx0raYnn9zLKX8VbQ-4cfwUSlngKLHgMNa6eBYs_Q3_u54bRA7gUoPZ3lTyv3U0f2hAl8C-k8c5G2tubbUTY3HWe62D40VhKeK8u46xtBpLMvQTVEfcCY7UC1pN3md6g7or9rETZQtLYH0JOjN_02wXpdPDP4Zs6XQ_5z4Y0YQvICOAQczmiZaDH14IFhWZ7-bDh-EVuHMgSOQhHoD_FRlv-_giLSbvoqtD4aPzcTWe1hFEnz8uifC969bI1Bi8N0xsrrkWTwJuSVs0m-oFwVg5p1V8zA7kCaRukQ',
    p: '_Prd8GZ2sAeihiowl0_JYekLNAvenx2avjc84-YFY4Y5X1EHESSadTSwxltdAIH5ocTlr1WeDOdPhOJ_zKkiP0FAOHZILLtvJH5JZ_1X7Hsm0TuWnQpmMt6Gb5CChBck41D0HC0nHrqcjnb_77ix2dHDHzJ2ODDoq2h9SIR04ZE',
    q: '6EZ_oebq6-DOHVGjEHgEiiaut2GDR6dtVjPDccCAwevpA-UaBPKv-xRg7kA6_jwpTUrr6ZCvT1GwnGz1_6iPDTJ_BqyaR7GDz37v4X_rXXUM3N5JLYCn79TnXubavSDa1XGPvD83gBJdw0MGvAzTucMjXERXVo3VPa7CO0NtM80',
    dp: 'zTYK1rmnSX_H_KE4rWVRbJUIO33tZpEzN13DjPLIKEV3QLSP0P4qNS06wIzYUlMc1nbMAoCnJrx0Ks048iG44CrkF2kLfw3ESIwQq8Q8kF4NzOhTcqw-3sDXuKQ220OS7rp6amjONQUXfhFV53Wg_5pCd4oNj-NMuc6W4j5gOaE',
    dq: 'WOjTZie7-Lo-a16aam1mX3NbIXrEA6OE6KA7yckEADbLJOCHSymSTyuHxurzKenhbWKmVus5D8WXMulKaKgeydBwax-alqLOb5iJPen3L_jkCY9Ut4QtxFHclqkLRaXT3ivv9wDDv9RH67w2UbkfOlYFrQXD4K-91jSUyJaQsGk',
    qi: '5rBHL6AJj3wqNLlFMSPlSeF9wffXnhNBnCBK_GlZbtqjnmjw46UPCriFAf10jAcIPl85xuNPWfJi4ElnX2njYxDup3QmYJS9zzg9Z3CM5qU6q_RQNHEun2neFHcFxeSo4Hg-Qb-HQSj2o50SXA7chsx9BDA0AT_1mxmi_AUb1uM',
  },
  {
    kty: 'RSA',
    n: 'tzChv_PC2swDv_bWHHU5UhfRAWUqcirLQVRnZnZuZmni2sdrlG8KloAzZpiHNmEQD6WfbNczgjjGZtERFtMxUca-_2tNe3_hPU6P-dLcKVPJ3FOwnJSbdE-AZryXYtMeBH8Lkt0tFC3BQAFmPL4EE8cpGp0v2mIV7TfUF-ZQSeaAszDqYe9oTijMZHM5E-ECk4UT8dUt9bdLRrib300UO7EBc12mavVA2bdqa_RrM-_aQUiiUk__QmP7fXrtNjauH8wRL8WU_3LaUH-wc0BhD7_nXPvLxR07Mjck1u9FB_EslSX859TLU1y0WbTgakIOhJoPQPaYX66oFlTaoq1idQ',
    e: 'AQAB',
    d: 'KvpSYHXgd7OYh59yATAxWAS1aMXizPEkSXnzXlMXuJhL_DcAEs1wZvnB1Waghk4EVh9txTvB3mHSjkmrYDcBIaXmpob2oSxR3C_D0IE7XMjHGZVa4Ilu5T1HqxLA05MjPjvOK9EPI-ZOKeWKJmMQEtHNX2yUTwBnE4XfERJcMNHpLY564a6xoYoPokwqr8gfG5vLmO7Ks2-74GdqwqL3guUm4jd-5rLtm24N3jRWy8r5Che-a5NXjIq2EWcf81hniExCr4-W59ethKkljXwQ1bKY2eK4w0n59fqodSFGpY6UbOwkh5Br2A92Qbz65oEDNZA8sf5DzuQjsCpbtsMcEQ',
    p: '23uBqBIGL6yYzZraNoHmvBg1PJ91Rg1l1oMtPnFIR76X-X4PvqzjVSgc6m1_wS5mMLSq-Emqv7gfjcpANM3Qyp9VffslnK7yUkS1HKNmQkTYBJokCe-eATj5fSvX9YoPtHS5s4XRsVTH_tw8Ho-qY-1Ck6R9U2UMzhW4-Y9pGOk',
    q: '1atOlSaeO7t_8SDt91t-gIcRe-KfYZsbA6Au-v6vhidSwoWrQlKjvC-MedAEC2EoUDadVtzEzDEYOKbY1HR62ldMwlgkjaxXYjQfdHD-62PcZYVnUXJ8DO2ZwTZ2k5FGKNtKp5v83iFS9jArt0xSH-nGrtjr9P-x1Yj-2RbzBa0',
    dp: 'GsuUQ7GXocBfk1Jha6AmTDZkYXdSOPAvy6WOI35vBZtGMIZsY6n1wxK3nQMrQqlofm_AI7nSp79R0tyrRAcQg3w6UrwTlnJhURvkRI_KTzLacI1k8vWXA60yAE8W-XoWesB5X2pp9E1WcU3v5QdDFRoFM8M0Lbc7ffl28LjKauk',
    dq: 'GSMEJavbZa-TR6zWEgmjgj9hoS9yDKuQrAaGQGUCBUhPBi9vjGfod1Uos5PzRdtyQK2MKRHj3RnRfaizTZs-cL1gfGSeOESUKytyn-JDOzIOVasyEnTjfyncssxTetzWYiwaRkmloARPnELigbfq2XJJO3ytla8XHsX1JVj70ik',
    qi: 'XBe9pD8X4xOTAJmZp6tQn5s3IXEgZLwFyvwubAeYs09V_SO0QmhHEUXIAnN6o37vjpPYekY3RqsGr9o5kugjSAIyRrS5WW8fmrNPokYnhPijSnGXdFYamllh7hZ8Lbc5iOPNTwZaBMhtlglBKpGt3mHFjz6MugX9bnI9GyhzeXE',
  },
]

export const p256Keys: readonly Jwk[] = [
  {
    kty: 'EC',
    crv: 'P-256',
    x: 'U-pIjut7fHmeZ4J74uQVeOTbQy-xmzR9hDuqaZiEDoI',
    y: 'eXnmBWDdj3m0jZ-h3RE96ESI0MDo5BmkckY--MSAvaI',
    d: 'DcE_j6JLqPxXwZR5SvSWKCWEQXeH8yF4uL_Z2Xko0vs',
  },
  {
    kty: 'EC',
    crv: 'P-256',
    x: '9sVyrCODbf_JrDzpAJVOikqf0f8X7C7mexkfJb4Um3k',
    y: 'eoU00v8XPX6ebUgnVbu5G4K0SKTKrPqPnFa_5DfQGys',
    d: 'xnpgwiHEwZulTMEeho6tS9yXaoOGbcEGzrKOV3QKZU4',
  },
  {
    kty: 'EC',
    crv: 'P-256',
    x: 'oqNH4kdgPMqZ1N5U4lKXO2HS21oTY6QFud36QTc0iss',
    y: 'f5EmxmGbWHU4hIj3iTiLTlsbxWMfofQFmEPvXbQxs9M',
    d: 'Pj7m4FkVq0TUvPvIRcSDhlDH_11H7NAIpt9elYe1JB0',
  },
]

export const ed25519Keys: readonly Jwk[] = [
  {
    kty: 'OKP',
    crv: 'Ed25519',
    x: 'WFCULnIS2sSt8GzuBV8osLD-Th1lf3ERP1uWZD2U7mA',
    d: 'v1XwhSNkqA7sV6r60f8nai5EUgOWxn7SfaYb60RhuBA',
  },
  {
    kty: 'OKP',
    crv: 'Ed25519',
    x: 'G2x6xJG54EhDFXhhiHLShTbZNocpsZ4IFM0Fw7Fauhc',
    d: 'XIpikDXu78HtBWN0r99iNDLZmspSmH4EnN6LcrnkmhE',
  },
  {
    kty: 'OKP',
    crv: 'Ed25519',
    x: 'dt8CxX6TR0PHyseILm3FQjyWmzpa6nEmVeJKLYiAfno',
    d: '-38RtfAx36bejjEONrN8xWfkDXSAzXrxqXci4Y9Hqm0',
  },
]
