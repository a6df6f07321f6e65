namespace SeqCore.Models;

/// <summary>
/// Where in a step a recurrent decoder attends, c being what it attends to. In each, u = tanh(W [c; h]) is what the step's
/// token is predicted from.
/// </summary>
public enum AttentionWiring
{
    /// <summary>
    /// With the new state, h = RNN(y, h'), c = attend(h), which does not go back into the recurrence, so that all steps of a
    /// known target run at once (Luong, Pham and Manning, arXiv:1508.04025, global attention).
    /// </summary>
    AfterStep,

    /// <summary>The same, and the next step reads u: h = RNN([y; u'], h') (section 3.3 there, input feeding).</summary>
    InputFeeding,

    /// <summary>
    /// With the state before: c = attend(h'), h = RNN([y; c], h') (Bahdanau, Cho and Bengio, arXiv:1409.0473). Differs from the
    /// paper in u, which there is a maxout layer that also reads y.
    /// </summary>
    BeforeStep,
}
