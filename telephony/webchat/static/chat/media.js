/* Photos and voice notes. */
(function (chat) {
  "use strict";
  var $ = chat.$, recorder = null;
  $("photo").onchange = function () {
    var file = $("photo").files[0];
    if (file) { shrink(file, function (blob) { chat.upload(blob, "［照片］"); }); }
    $("photo").value = "";
  };
  function shrink(file, done) {
    var image = new Image();
    if (!window.URL || !HTMLCanvasElement.prototype.toBlob) { done(file); return; }
    image.onload = function () {
      var scale = Math.min(1, 1600 / Math.max(image.width, image.height)), canvas = document.createElement("canvas");
      canvas.width = image.width * scale; canvas.height = image.height * scale;
      canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
      canvas.toBlob(function (blob) { done(blob || file); }, "image/jpeg", 0.85);
    };
    image.onerror = function () { done(file); };
    image.src = URL.createObjectURL(file);
  }
  if (window.MediaRecorder && navigator.mediaDevices && navigator.mediaDevices.getUserMedia) {
    chat.show("voice", true);
    $("voice").textContent = "说话";
    $("voice").onclick = function () {
      if (recorder) { recorder.stop(); return; }
      navigator.mediaDevices.getUserMedia({ audio: true }).then(function (stream) {
        var parts = [];
        recorder = new MediaRecorder(stream);
        recorder.ondataavailable = function (event) { parts.push(event.data); };
        recorder.onstop = function () {
          stream.getTracks().forEach(function (track) { track.stop(); });
          recorder = null; $("voice").textContent = "说话";
          chat.upload(new Blob(parts), "［语音］");
        };
        recorder.start(); $("voice").textContent = "说完了，发送";
        setTimeout(function () { if (recorder) { recorder.stop(); } }, 60000);
      }, function () { $("voice").textContent = "没有麦克风权限"; });
    };
  }
}(window.suifang));
