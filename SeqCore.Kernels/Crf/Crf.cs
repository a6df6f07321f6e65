namespace SeqCore.Kernels;

public abstract partial class Backend
{
    /// <summary>
    /// The negative log-likelihood of tag sequences under a linear-chain conditional random field (Lafferty, McCallum and
    /// Pereira, 2001): loss_b = log Z_b - s_b(y), where s_b(y) = start_(y_0) + sum_t emission_(b,t,y_t) + sum_(t > 0)
    /// transition_(y_(t-1),y_t) + end_(y_last), over the steps within the row's length, and log Z_b = log sum_y' e^(s_b(y')). A
    /// row of length 0 has loss 0. Without targets the loss is log Z_b. A score may be -infinity, which forbids what it scores:
    /// the loss of targets that are forbidden is infinite.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// An operand is too short, or a target or a length is out of range, which a GPU reports when a value is next read.
    /// </exception>
    public void Crf(in CrfArguments arguments)
    {
        arguments.Check(nameof(Crf));
        RowChecks.Check(nameof(Crf), "losses", arguments.Losses, arguments.Batch, 1);
        RunCrf(arguments, default);
        KeepAlive(arguments);
    }

    /// <summary>
    /// The gradients of the losses of <see cref="Crf"/>, and the losses too where there is memory for them. With p_(b,t) the
    /// probability of each tag, dEmission_(b,t,k) = scale_b (p_(b,t)(k) - [k = y_t]), and dTransition_(i,j) = sum_(b,t) scale_b
    /// (p_(b,t)(i, j) - [i = y_(t-1), j = y_t]); start and end likewise. Steps past a length have gradient 0. Without targets
    /// the emissions' gradient is scale_b p_(b,t)(k), the marginals.
    /// </summary>
    /// <exception cref="ArgumentException">
    /// An operand is too short, or a target or a length is out of range, which a GPU reports when a value is next read.
    /// </exception>
    public void CrfGradient(in CrfArguments arguments, in CrfGradients gradients)
    {
        arguments.Check(nameof(CrfGradient));
        gradients.Check(nameof(CrfGradient), arguments);
        RowChecks.CheckOptional(nameof(CrfGradient), "losses", arguments.Losses, arguments.Batch, 1);
        RunCrf(arguments, gradients);
        KeepAlive((arguments, gradients));
    }

    /// <summary>
    /// The tags of the highest score of each row (Viterbi, 1967), and that score. Of equal scores the lower tag wins, from the
    /// last step backwards. Steps past a row's length have tag 0.
    /// </summary>
    /// <param name="arguments">The scores and lengths; targets and losses are not used.</param>
    /// <param name="tags">Output: the tags, shape (B, T).</param>
    /// <param name="scores">Output: the scores, shape (B); or absent.</param>
    /// <exception cref="ArgumentException">
    /// An operand is too short, or a length is out of range, which a GPU reports when a value is next read.
    /// </exception>
    public void CrfDecode(in CrfArguments arguments, DeviceSpan<int> tags, DeviceSpan<float> scores = default)
    {
        arguments.Check(nameof(CrfDecode));
        RowChecks.Check(nameof(CrfDecode), nameof(tags), tags, arguments.Batch, arguments.Steps);
        RowChecks.CheckOptional(nameof(CrfDecode), nameof(scores), scores, arguments.Batch, 1);
        RunCrfDecode(arguments, tags, scores);
        KeepAlive((arguments, tags, scores));
    }

    private protected abstract void RunCrf(in CrfArguments arguments, in CrfGradients gradients);

    private protected abstract void RunCrfDecode(in CrfArguments arguments, DeviceSpan<int> tags, DeviceSpan<float> scores);
}
