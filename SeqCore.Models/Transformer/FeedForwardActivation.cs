namespace SeqCore.Models;

/// <summary>The activation between the two linear layers of a Transformer's feed-forward part.</summary>
public enum FeedForwardActivation
{
    /// <summary>The rectified linear unit max(x, 0), as in Vaswani et al., arXiv:1706.03762.</summary>
    Relu,

    /// <summary>GELU by the error function, as in BERT.</summary>
    Gelu,

    /// <summary>GELU approximated by a hyperbolic tangent, as in GPT-2.</summary>
    GeluTanh,

    /// <summary>
    /// The gated unit silu(a) b, where the first layer makes both a and b (Shazeer, arXiv:2002.05202): its weight has 2 F rows.
    /// </summary>
    SwiGlu,
}
