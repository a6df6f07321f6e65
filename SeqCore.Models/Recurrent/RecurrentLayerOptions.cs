namespace SeqCore.Models;

/// <summary>The configuration and the regularisation of a stack of recurrent layers; the defaults are PyTorch's.</summary>
public sealed record RecurrentLayerOptions
{
    /// <summary>The number of stacked layers, at least 1; 1 by default.</summary>
    public int Layers { get; init; } = 1;

    /// <summary>Whether a second set of layers reads the sequence backwards; results are then of width 2H.</summary>
    public bool Bidirectional { get; init; }

    /// <summary>
    /// Whether inputs and outputs have time as their first axis, (T, B, I), as in PyTorch with its default
    /// <c>batch_first=False</c>; otherwise they are (B, T, I). States are (B, H) in both cases.
    /// </summary>
    public bool IsTimeFirst { get; init; }

    /// <summary>Whether there are biases; true by default.</summary>
    public bool Bias { get; init; } = true;

    /// <summary>
    /// The activation of the cell: of an Rnn's new state, of a Gru's candidate, of an Lstm's candidate and of its cell state in
    /// the output; <see cref="RecurrentActivation.Tanh"/> by default. PyTorch has tanh and, for an Rnn, ReLU; Keras calls it
    /// <c>activation</c>.
    /// </summary>
    public RecurrentActivation Nonlinearity { get; init; } = RecurrentActivation.Tanh;

    /// <summary>
    /// The activation of the gates of an Lstm or a Gru, with values in [0, 1]: <see cref="RecurrentActivation.Sigmoid"/>, the
    /// default, or <see cref="RecurrentActivation.HardSigmoid"/>. Keras calls it <c>recurrent_activation</c>.
    /// </summary>
    public RecurrentActivation GateActivation { get; init; } = RecurrentActivation.Sigmoid;

    /// <summary>
    /// Whether the reset gate multiplies the product with the hidden state, as in PyTorch, and not the state before the product,
    /// as in the paper (Cho et al., arXiv:1406.1078); true by default. Keras calls it <c>reset_after</c>, ONNX
    /// <c>linear_before_reset</c>. If it is false, a step has two products that must run one after the other. For a Gru only.
    /// </summary>
    public bool ResetAfter { get; init; } = true;

    /// <summary>
    /// The number of diagonal blocks of the recurrent weights, K, a divisor of H: a unit sees only the hidden states of its own
    /// block of H / K units, as in the heads of an sLSTM (Beck et al., "xLSTM", arXiv:2405.04517, section 2.2). weight_hh then
    /// has shape (G H, H / K). 1 by default.
    /// </summary>
    public int DiagonalBlocks { get; init; } = 1;

    /// <summary>
    /// The width of the hidden state, P, less than H, if each step projects it from the H units; 0 for no projection. With c' and
    /// o as in any LSTM, h' = W_hr (o tanh(c')), without a bias (Sak, Senior and Beaufays, "Long short-term memory based
    /// recurrent neural network architectures for large vocabulary speech recognition", arXiv:1402.1128, LSTMP). PyTorch calls it
    /// <c>proj_size</c>. For an Lstm only, and not with <see cref="DiagonalBlocks"/>.
    /// </summary>
    /// <remarks>
    /// Shapes: h (B, P), c (B, H), results (B, T, P), or (B, T, 2P) if bidirectional; weight_ih (4H, I), above the first layer
    /// (4H, P) or (4H, 2P); weight_hh (4H, P), weight_hr (P, H).
    /// </remarks>
    public int ProjectionSize { get; init; }

    /// <summary>
    /// The probability of dropout between layers, in [0, 1). With one layer it has no effect, as in PyTorch, which warns.
    /// </summary>
    public float Dropout { get; init; }

    /// <summary>
    /// Whether dropout between layers uses one mask for all steps of a sequence (Gal and Ghahramani, arXiv:1512.05287).
    /// </summary>
    public bool LockedDropout { get; init; }

    /// <summary>
    /// The probability of dropping each recurrent weight (weight_hh), with one mask for the whole sequence, in [0, 1)
    /// (DropConnect, as Merity, Keskar and Socher use it, arXiv:1708.02182).
    /// </summary>
    public float WeightDropout { get; init; }

    /// <summary>
    /// The probability that a unit's hidden state keeps its previous value at a step, in [0, 1) (zoneout; Krueger et al.,
    /// arXiv:1606.01305). Evaluation uses the expected value.
    /// </summary>
    public float ZoneoutHidden { get; init; }

    /// <summary>
    /// The probability that a unit's cell state keeps its previous value at a step, in [0, 1), for an Lstm or a custom cell with
    /// a cell state.
    /// </summary>
    public float ZoneoutCell { get; init; }

    /// <summary>Whether a layer with these options acts differently in training.</summary>
    internal bool ActsInTraining => Dropout > 0f || WeightDropout > 0f || ZoneoutHidden > 0f || ZoneoutCell > 0f;

    /// <summary>
    /// The initial value of the forget gate's bias (Jozefowicz, Zaremba and Sutskever, "An empirical exploration of recurrent
    /// network architectures", ICML 2015, recommend 1), not NaN; null leaves PyTorch's initialisation. For cells with a
    /// forget gate only, such as an Lstm's or a <see cref="CoupledLstm"/>'s.
    /// </summary>
    public float? ForgetGateBias { get; init; }

    internal int Directions => Bidirectional ? 2 : 1;

    /// <summary>Returns the width of a hidden state: H, or P with a projection.</summary>
    internal int StateSize(int hiddenSize) => ProjectionSize > 0 ? ProjectionSize : hiddenSize;

    internal void Check(string owner)
    {
        if (Layers < 1)
            throw new ArgumentOutOfRangeException(nameof(Layers), Layers, $"{owner}: {nameof(Layers)} should be at least 1.");
        Argument.Defined(Nonlinearity, owner, nameof(Nonlinearity));
        Argument.Defined(GateActivation, owner, nameof(GateActivation));
        Argument.Probability(Dropout, owner, nameof(Dropout));
        Argument.Probability(WeightDropout, owner, nameof(WeightDropout));
        Argument.Probability(ZoneoutHidden, owner, nameof(ZoneoutHidden));
        Argument.Probability(ZoneoutCell, owner, nameof(ZoneoutCell));
        if (ForgetGateBias is float.NaN)
        {
            throw new ArgumentOutOfRangeException(nameof(ForgetGateBias), ForgetGateBias,
                $"{owner}: {nameof(ForgetGateBias)} should be a number.");
        }
    }

    /// <summary>Checks the projection.</summary>
    internal void CheckProjection(string owner, bool isLstm, int hiddenSize)
    {
        if (ProjectionSize == 0)
            return;
        if (!isLstm)
            throw new ArgumentException($"{owner}: {nameof(ProjectionSize)} is for an Lstm; do not set it.");
        if (ProjectionSize < 0 || ProjectionSize >= hiddenSize)
        {
            throw new ArgumentOutOfRangeException(nameof(ProjectionSize), ProjectionSize, $"{owner}: {nameof(ProjectionSize)}"
                + $" should be at least 1 and less than the {hiddenSize} units, or 0 for no projection.");
        }

        if (DiagonalBlocks != 1)
        {
            throw new ArgumentException($"{owner}: {nameof(ProjectionSize)} mixes the units, so the recurrent weights have no"
                + $" blocks; set {nameof(DiagonalBlocks)} to 1, or {nameof(ProjectionSize)} to 0.");
        }
    }

    /// <summary>Checks the options of the cell of a fused layer.</summary>
    internal void CheckCell(string owner, FusedCell cell, int hiddenSize)
    {
        if (ZoneoutCell > 0f && !cell.HasCell)
            throw new ArgumentException($"{owner}: {nameof(ZoneoutCell)} needs a cell state, as in an Lstm; do not set it.");
        if (ForgetGateBias is not null && cell.ForgetGate is null)
            throw new ArgumentException($"{owner}: {nameof(ForgetGateBias)} needs a forget gate, as in an Lstm; do not set it.");
        if (ForgetGateBias is not null && !Bias)
            throw new ArgumentException($"{owner}: {nameof(ForgetGateBias)} needs {nameof(Bias)}.");
        if (DiagonalBlocks < 1 || hiddenSize % DiagonalBlocks != 0)
        {
            throw new ArgumentOutOfRangeException(nameof(DiagonalBlocks), DiagonalBlocks,
                $"{owner}: {nameof(DiagonalBlocks)} should be at least 1 and divide the {hiddenSize} units.");
        }

        if (!ResetAfter && !cell.ResetsFirst)
            throw new ArgumentException($"{owner}: {nameof(ResetAfter)} is for a Gru; do not set it.");
        if (Nonlinearity != (cell.Activation ?? RecurrentActivation.Tanh))
            throw new ArgumentException($"{owner}: {nameof(Nonlinearity)} is fixed in this cell; do not set it.");
        if (GateActivation != (cell.GateActivation ?? RecurrentActivation.Sigmoid))
        {
            throw new ArgumentException($"{owner}: {nameof(GateActivation)} is fixed in this cell, or it has no gates;"
                + " do not set it.");
        }
    }

    /// <summary>Rejects options that only a cell itself can support.</summary>
    internal void CheckNoCell(string owner)
    {
        if (!Bias || Nonlinearity != RecurrentActivation.Tanh || GateActivation != RecurrentActivation.Sigmoid
            || !ResetAfter || DiagonalBlocks != 1 || WeightDropout > 0f || ForgetGateBias is not null)
        {
            throw new ArgumentException($"{owner}: {nameof(Bias)}, {nameof(Nonlinearity)}, {nameof(GateActivation)},"
                + $" {nameof(ResetAfter)}, {nameof(DiagonalBlocks)}, {nameof(WeightDropout)} and {nameof(ForgetGateBias)} belong"
                + " to the cell; do not set them.");
        }
    }
}
