namespace Datapath.Harness;

/// <summary>What a tc program answers (TC_ACT_*, include/uapi/linux/pkt_cls.h).</summary>
internal enum Verdict
{
    /// <summary>TC_ACT_UNSPEC: on to the next program or the stack.</summary>
    Next = -1,

    /// <summary>TC_ACT_OK: to the stack, past other programs.</summary>
    Stack = 0,

    /// <summary>TC_ACT_SHOT.</summary>
    Drop = 2,

    /// <summary>TC_ACT_STOLEN: only the wrapper of the tests, when it could not do its part.</summary>
    WrapperFailed = 4,

    /// <summary>TC_ACT_REDIRECT.</summary>
    Redirect = 7,
}
