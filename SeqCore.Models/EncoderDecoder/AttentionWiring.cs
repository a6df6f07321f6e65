namespace SeqCore.Models;

/// <summary>
/// The point in a step at which a recurrent decoder attends, where c is the result of attention. In each variant, the step's
/// token is predicted from u = tanh(W [c; h]).
/// </summary>
public enum AttentionWiring
{
    /// <summary>
    /// Attention follows the new state, h = RNN(y, h'), c = attend(h), and does not enter the recurrence, so that all steps of a
    /// known target run at once (Luong, Pham and Manning, arXiv:1508.04025, global attention).
    /// </summary>
    AfterStep,

    /// <summary>
    /// Attention follows the new state, and the next step reads u: h = RNN([y; u'], h') (Luong, Pham and Manning, section 3.3,
    /// input feeding).
    /// </summary>
    InputFeeding,

    /// <summary>
    /// Attention uses the previous state: c = attend(h'), h = RNN([y; c], h') (Bahdanau, Cho and Bengio, arXiv:1409.0473).
    /// Differs from the paper in u, which there is a maxout layer that also reads y.
    /// </summary>
    BeforeStep,
}
