using SeqCore.Models;
using SeqCore.Samples.Common;

namespace SeqCore.Samples.CharLanguageModel.Commands;

/// <summary>Kind and sizes of a model and the characters that it knows: what a checkpoint tells so that the model can be made again.</summary>
internal abstract record ModelForm : IModelForm<ModelForm, LanguageModel>
{
    /// <summary>The kind of a Transformer.</summary>
    public const string Gpt = "gpt";

    /// <summary>All kinds of models.</summary>
    public static string[] Kinds { get; } = ["rnn", "lstm", "gru", Gpt];

    /// <summary>One of <see cref="Kinds"/>.</summary>
    public required string Kind { get; init; }

    /// <summary>Width of the embedding.</summary>
    public required int Embedding { get; init; }

    /// <summary>Layers one above the other.</summary>
    public required int Layers { get; init; }

    /// <summary>Probability of dropout in training.</summary>
    public required float Dropout { get; init; }

    /// <summary>The characters.</summary>
    public required CharacterVocabulary Vocabulary { get; init; }

    /// <summary>For people.</summary>
    public abstract string Description { get; }

    /// <summary>Kind and number of layers, for people.</summary>
    protected string KindAndLayers => $"{Kind.ToUpperInvariant()}, {(Layers == 1 ? "1 layer" : $"{Layers} layers")}";

    /// <inheritdoc/>
    public abstract LanguageModel Create(RandomGenerator random);

    /// <summary>The form as a run's configuration.</summary>
    public virtual Dictionary<string, string> Configuration() => new()
    {
        ["model"] = Kind,
        ["embedding"] = RunSettings.Text(Embedding),
        ["layers"] = RunSettings.Text(Layers),
        ["dropout"] = RunSettings.Text(Dropout),
        ["vocabulary"] = Vocabulary.Characters,
    };

    /// <summary>The form that training options ask for.</summary>
    public static ModelForm Of(TrainingSettings settings, CharacterVocabulary vocabulary) => settings.Model == Gpt
        ? new GptForm
        {
            Kind = settings.Model,
            Embedding = settings.Embedding,
            Layers = settings.Layers,
            Heads = settings.Heads,
            Context = settings.Sequence,
            Dropout = settings.Dropout,
            Vocabulary = vocabulary,
        }
        : new RecurrentForm
        {
            Kind = settings.Model,
            Embedding = settings.Embedding,
            Hidden = settings.Hidden,
            Layers = settings.Layers,
            Dropout = settings.Dropout,
            Vocabulary = vocabulary,
        };

    /// <inheritdoc/>
    public static ModelForm Of(SavedForm saved)
    {
        var kind = saved.Choice("model", Kinds);
        var settings = new TrainingSettings { Model = kind, Embedding = saved.Whole("embedding"), Layers = saved.Whole("layers"), Dropout = saved.Number("dropout") };
        settings = kind == Gpt ? settings with { Heads = saved.Whole("heads"), Sequence = saved.Whole("context") } : settings with { Hidden = saved.Whole("hidden") };
        return Of(settings, new CharacterVocabulary(saved.Text("vocabulary")));
    }
}

/// <summary>A model with recurrent layers.</summary>
internal sealed record RecurrentForm : ModelForm
{
    /// <summary>Units of each layer.</summary>
    public required int Hidden { get; init; }

    /// <inheritdoc/>
    public override string Description => $"{KindAndLayers} of {Hidden}, embedding {Embedding}, vocabulary {Vocabulary.Count}";

    /// <inheritdoc/>
    public override LanguageModel Create(RandomGenerator random)
    {
        var kind = Kind switch { "rnn" => RecurrentKind.Rnn, "gru" => RecurrentKind.Gru, _ => RecurrentKind.Lstm };
        return new RecurrentLanguageModel(kind, Vocabulary.Count, Embedding, Hidden, Layers, Dropout, tieWeights: false, random);
    }

    /// <inheritdoc/>
    public override Dictionary<string, string> Configuration() => new(base.Configuration()) { ["hidden"] = RunSettings.Text(Hidden) };
}

/// <summary>A Transformer.</summary>
internal sealed record GptForm : ModelForm
{
    /// <summary>Attention heads of each layer.</summary>
    public required int Heads { get; init; }

    /// <summary>The most characters that it can look back on.</summary>
    public required int Context { get; init; }

    /// <inheritdoc/>
    public override string Description =>
        $"{KindAndLayers} of {Embedding} channels, {(Heads == 1 ? "1 head" : $"{Heads} heads")}, context {Context}, vocabulary {Vocabulary.Count}";

    /// <inheritdoc/>
    public override LanguageModel Create(RandomGenerator random) => new SeqCore.Models.Gpt(
        new GptOptions
        {
            VocabularySize = Vocabulary.Count,
            MaximumLength = Context,
            Layers = Layers,
            HeadCount = Heads,
            ModelSize = Embedding,
            Dropout = Dropout,
        },
        random);

    /// <inheritdoc/>
    public override Dictionary<string, string> Configuration() => new(base.Configuration())
    {
        ["heads"] = RunSettings.Text(Heads),
        ["context"] = RunSettings.Text(Context),
    };
}
