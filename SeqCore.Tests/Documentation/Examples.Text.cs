using SeqCore.Models;

namespace SeqCore.Tests.Documentation;

public static partial class Examples
{
    public static void TimePoolingExample()
    {
        // Example: T:SeqCore.Models.TimePooling
        using var x = Tensor.FromSpan([1f, 2f, 6f, 3f, 5f, 0f], [2, 3, 1]);
        using var lengths = IndexTensor.FromArray([3, 2]);                // the second has two steps and padding
        using var scope = new TensorScope();
        Console.WriteLine(Join(new MeanPooling().Forward(x, lengths)));   // 3, 4
        Console.WriteLine(Join(new MaxPooling().Forward(x, lengths)));    // 6, 5
        Console.WriteLine(Join(new LastStep().Forward(x, lengths)));      // 6, 5

        static string Join(Variable x) => string.Join(", ", x.Value.ToArray());
        // End
    }

    public static void AttentionPoolingExample()
    {
        // Example: T:SeqCore.Models.AttentionPooling
        using var pooling = new AttentionPooling(inputSize: 8, new RandomGenerator(seed: 1));
        using var scope = new TensorScope();
        var (pooled, weights) = pooling.ForwardWithWeights(Tensor.Ones([2, 5, 8]));
        Console.WriteLine(pooled.Shape);                           // (2, 8)
        Console.WriteLine($"{weights[0, 4].Value.Item():0.00}");   // 0.20
        // End
    }

    public static void TextEncoderExample()
    {
        // Example: T:SeqCore.Models.TextEncoder
        var options = new TextEncoderOptions { Kind = TextEncoderKind.Lstm, EmbeddingSize = 16, HiddenSize = 32 };
        using var encoder = TextEncoder.New(vocabularySize: 100, options, new RandomGenerator(seed: 1));
        using var tokens = IndexTensor.FromArray(new[,] { { 5, 7, 9 }, { 5, 6, 0 } });
        using var lengths = IndexTensor.FromArray([3, 2]);
        using var scope = new TensorScope();
        Console.WriteLine(encoder.Forward(tokens, lengths).Shape);   // (2, 3, 64)
        // End
    }

    public static void TextClassifierExample()
    {
        // Example: T:SeqCore.Models.TextClassifier
        LabelledText[] reviews =
            [new("a fine film", "good"), new("fine acting", "good"), new("a dull film", "bad"), new("dull and long", "bad")];
        var words = new WordTokenizer(string.Join(' ', reviews.Select(r => r.Text)));
        var options = new TextClassifierOptions { Labels = LabelledText.LabelsOf(reviews) };
        using var model = new TextClassifier(words, options, new RandomGenerator(seed: 1));
        using var task = new TextClassifierTask(model, reviews, reviews, batchSize: 4, seed: 1);
        using var optimizer = new Adam(model.Parameters(), learningRate: 0.01f);
        new Trainer(task, optimizer, new TrainerOptions { Steps = 30 }).Run();
        Console.WriteLine(model.Predict("fine").Label);   // good
        // End
    }

    public static void TextNgramsExample()
    {
        // Example: T:SeqCore.Models.TextNgrams
        LabelledText[] reviews = [new("not good", "bad"), new("good", "good")];
        var words = new WordTokenizer(reviews.Select(r => r.Text));
        var ngrams = TextNgrams.Of(words, reviews, ["bad", "good"], size: 2);

        // The two words, "not good", the start before each word, and the end after "good".
        Console.WriteLine(ngrams.Count);   // 6
        var options = new TextClassifierOptions { Labels = ["bad", "good"], NgramSize = 2 };
        using var model = new TextClassifier(words, options, new RandomGenerator(seed: 1), ngrams);
        // End
    }

    public static void TokenVocabularyExample()
    {
        // Example: T:SeqCore.Models.TokenVocabulary
        string[][] sentences = [["I", "'m", "@home"], ["@home", "alone"]];
        var vocabulary = new TokenVocabulary(sentences, minimumFrequency: 2);
        Console.WriteLine(string.Join(' ', vocabulary.Units));                           // @home
        Console.WriteLine(vocabulary.Decode(vocabulary.Encode(["alone", "@home"])));     // [UNK] @home
        // End
    }

    public static void TextTaggerExample()
    {
        // Example: T:SeqCore.Models.TextTagger
        TaggedText[] sentences =
            [new(["Ann", "sees", "Bob"], ["NAME", "VERB", "NAME"]), new(["Bob", "hears", "Ann"], ["NAME", "VERB", "NAME"])];
        var words = new TokenVocabulary(sentences.Select(s => s.Tokens));
        var options = new TextTaggerOptions { Tags = TextTagger.TagsOf(sentences), HasCrf = true };
        using var model = new TextTagger(words, options, new RandomGenerator(seed: 1));
        using var task = new TextTaggerTask(model, sentences, sentences, batchSize: 2, seed: 1);
        using var optimizer = new Adam(model.Parameters(), learningRate: 0.01f);
        new Trainer(task, optimizer, new TrainerOptions { Steps = 30 }).Run();
        Console.WriteLine(string.Join(' ', model.Predict(["Ann", "hears", "Bob"])));   // NAME VERB NAME
        // End
    }

    public static void EncoderDecoderModelExample()
    {
        // Example: T:SeqCore.Models.EncoderDecoderModel
        (string Source, string Target)[] pairs = [("eins", "one"), ("zwei", "two"), ("eins zwei", "one two")];
        var (german, english) = (new WordTokenizer("eins zwei"), new WordTokenizer("one two"));
        using var model = new RecurrentEncoderDecoder(new RecurrentEncoderDecoderOptions
        {
            SourceVocabularySize = german.Count,
            TargetVocabularySize = english.Count,
            EmbeddingSize = 8,
            HiddenSize = 16,
        }, new RandomGenerator(seed: 1));
        (model.SourceTokenizer, model.TargetTokenizer) = (german, english);
        var encoded = new SequencePairs(pairs.Select(p => (german.Encode(p.Source), english.Encode(p.Target))));
        using var task = new SequencePairTask(model, new SequencePairBatches(encoded, batchSize: 3, seed: 1), encoded);
        using var optimizer = new Adam(model.Parameters(), learningRate: 0.02f);
        new Trainer(task, optimizer, new TrainerOptions { Steps = 100 }).Run();
        Console.WriteLine(model.Translate("eins zwei").Text);   // one two
        // End
    }
}
