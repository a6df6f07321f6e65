namespace SeqCore.Models;

/// <summary>
/// Predicts the next token of a text (Mikolov et al., "Recurrent neural network based language model", Interspeech 2010):
/// embedding, recurrent layers, linear layer. Parameters are named <c>embedding.weight</c>, <c>lstm.weight_ih_l0</c> (or
/// <c>gru.</c>, <c>rnn.</c>) and so on, <c>head.weight</c> and <c>head.bias</c>.
/// </summary>
public sealed class RecurrentLanguageModel : LanguageModel
{
    private readonly Layer? dropout;

    /// <summary>A model with PyTorch's first values; a tied table starts uniform in [-1/sqrt(H), 1/sqrt(H)).</summary>
    /// <param name="kind">Which recurrent layers.</param>
    /// <param name="vocabularySize">V, at least 1.</param>
    /// <param name="embeddingSize">E, at least 1.</param>
    /// <param name="hiddenSize">H, at least 1.</param>
    /// <param name="layers">Layers one above the other, at least 1.</param>
    /// <param name="dropout">Probability of dropout after the embedding, between layers and before the head, in [0, 1).</param>
    /// <param name="tieWeights">Whether the head's weight is the embedding's table (Press and Wolf, arXiv:1608.05859); needs E = H.</param>
    /// <param name="random">Draws the first values and the masks of dropout; its state is part of a checkpoint.</param>
    /// <param name="options">More of the recurrent layers' form; its layers and dropout are replaced by those above.</param>
    /// <exception cref="ArgumentException">A size or probability is out of range, or tied weights differ in size.</exception>
    public RecurrentLanguageModel(RecurrentKind kind, int vocabularySize, int embeddingSize, int hiddenSize, int layers, float dropout,
        bool tieWeights, RandomGenerator random, RecurrentLayerOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(random);
        var form = (options ?? new RecurrentLayerOptions()) with { Layers = layers, Dropout = dropout };
        if (form.Bidirectional)
            throw new ArgumentException($"{Kind}: a bidirectional model would see the tokens that it should predict.", nameof(options));
        if (tieWeights && embeddingSize != hiddenSize)
            throw new ArgumentException($"{Kind}: tied weights need an embedding as wide as the hidden state; got {embeddingSize} and {hiddenSize}.", nameof(tieWeights));
        Share.Check(dropout, Kind, nameof(dropout));
        RecurrentKind = kind;
        Embedding = Register("embedding", new Embedding(vocabularySize, embeddingSize, random));
        Recurrent = Register(kind.Name(), kind.NewLayer(embeddingSize, hiddenSize, random, form));
        Head = Register("head", tieWeights ? new Linear(Embedding.Weight) : new Linear(hiddenSize, vocabularySize, random));
        if (tieWeights)
            Initializer.Uniform(Embedding.Weight.Value, -1f / MathF.Sqrt(hiddenSize), 1f / MathF.Sqrt(hiddenSize), random);
        if (dropout > 0f)
            this.dropout = Register<Layer>("dropout", form.LockedDropout ? new LockedDropout(dropout, random) : new Dropout(dropout, random));
    }

    /// <summary>Which recurrent layers.</summary>
    public RecurrentKind RecurrentKind { get; }

    /// <inheritdoc/>
    public override int VocabularySize => Embedding.Weight.Shape[0];

    /// <inheritdoc/>
    public override int? MaximumLength => null;

    /// <summary>Whether the head's weight is the embedding's table.</summary>
    public bool TiesWeights => ReferenceEquals(Embedding.Weight, Head.Weight);

    /// <summary>Turns tokens into vectors of E.</summary>
    public Embedding Embedding { get; }

    /// <summary>The recurrent layers.</summary>
    public RecurrentLayer Recurrent { get; }

    /// <summary>Turns hidden states into logits.</summary>
    public Linear Head { get; }

    /// <summary>Predicts, at each step, the token that comes next.</summary>
    /// <param name="tokens">Shape (B, T), each in [0, V).</param>
    /// <param name="state">State before the first step; null for 0.</param>
    /// <returns>Logits of shape (B, T, V), and the state after the last step.</returns>
    /// <exception cref="ShapeException">The tokens or the state do not fit.</exception>
    public (Variable Logits, RecurrentState State) Forward(IndexTensor tokens, RecurrentState? state = null)
    {
        ArgumentNullException.ThrowIfNull(tokens);
        if (tokens.Shape.Rank != 2)
            throw ShapeException.Wrong(Kind, "tokens", "(B, T)", tokens.Shape);
        var (hidden, next) = Recurrent.Forward(Drop(Embedding.Forward(tokens)), state);
        return (Head.Forward(Drop(hidden)), next);
    }

    /// <inheritdoc/>
    public override Variable Predict(IndexTensor tokens) => Forward(tokens).Logits;

    /// <inheritdoc/>
    public override LanguageModelStream NewStream(int batchSize = 1) => new(this, batchSize);

    private Variable Drop(Variable x) => dropout?.Forward(x) ?? x;
}
